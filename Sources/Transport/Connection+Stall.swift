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
    // Who follows the ledger reads at its own pace (contract §4) and costs bounded memory.
    if inFlight > 0, !isFollowing { return .notReading }
    guard state.mayRead else { return nil }
    if framer.count > 0 { return .unfinishedLine }
    let isIdle = loop.limits.idleTimeout != nil && dueAnswers == 0 && !isFollowing
    return isIdle ? .idle : nil
  }

  /// Whether the client has owed it for too long.
  func isOverdue(at now: NIODeadline) -> Bool {
    let reason = stallReason
    let progress = reason == .notReading ? handedOver - UInt64(pendingInChannel) : linesTaken
    guard reason == stall.reason, progress == stall.progress else {
      stall = Stall(progress: progress, reason: reason, since: now)
      return false
    }
    return now - stall.since >= limit(for: reason)
  }

  private func limit(for reason: TransportEvents.Eviction?) -> TimeAmount {
    switch reason {
    case .notReading: loop.limits.writeTimeout
    case .idle: loop.limits.idleTimeout ?? loop.limits.lineTimeout
    default: loop.limits.lineTimeout
    }
  }

  private var pendingInChannel: Int {
    let pending = try? channel.channel.syncOptions?.getOption(.bufferedWritableBytes)
    return min(inFlight, pending ?? inFlight)
  }
}
