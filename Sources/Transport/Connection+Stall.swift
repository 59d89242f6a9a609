internal import LineProtocol
internal import NIOCore

/// What the sweep saw of a connection that waits for its client.
struct Stall {
  /// A number that grows whenever the client does what is waited for.
  var progress: UInt64 = 0
  var reason: TransportEvents.Eviction?
  var since = NIODeadline.uptimeNanoseconds(0)
}

extension Connection {
  /// What the client owes now: to take output, or to end a line that it has begun.
  var stallReason: TransportEvents.Eviction? {
    if inFlight > 0 { return .notReading }
    return state.mayRead && framer.count > 0 ? .unfinishedLine : nil
  }

  /// Whether the client has owed it for too long.
  func isOverdue(at now: NIODeadline) -> Bool {
    let reason = stallReason
    let progress = reason == .notReading ? handedOver - UInt64(pendingInChannel) : linesTaken
    guard reason == stall.reason, progress == stall.progress else {
      stall = Stall(progress: progress, reason: reason, since: now)
      return false
    }
    let limit = reason == .notReading ? loop.limits.writeTimeout : loop.limits.lineTimeout
    return now - stall.since >= limit
  }

  private var pendingInChannel: Int {
    let pending = try? channel.channel.syncOptions?.getOption(.bufferedWritableBytes)
    return min(inFlight, pending ?? inFlight)
  }
}
