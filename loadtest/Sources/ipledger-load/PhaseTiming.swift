/// How a phase goes on in time.
struct PhaseTiming {
  /// Requests in flight on each connection, at most.
  var depth: Int
  /// How long to measure; nil: until the workload has nothing left.
  var seconds: Double?
  /// How long to go on before measuring begins.
  var warmUp: Double = 0
  /// Requests a second, whether answers come or not; nil: the next when one is answered.
  var rate: Double?
  /// How many requests there will be, when that is known.
  var expected: Int?
  /// The length of the stretches of time that are looked at by themselves.
  var interval: Double = 1
}

/// When the next request is to be sent.
///
/// With a rate the times are fixed from the start: a request that must wait for its turn has the
/// latency of its wait too.
struct Pace {
  let start: UInt64
  let end: UInt64
  private let gap: Double?
  private var sent = 0

  init(start: UInt64, timing: PhaseTiming) {
    self.start = start
    end = timing.seconds.map { start + UInt64((timing.warmUp + $0) * 1e9) } ?? .max
    gap = timing.rate.map { 1e9 / $0 }
  }

  var isOpen: Bool { gap != nil }

  /// The time of the next request; nil when the phase has no more, or requests have no times.
  var due: UInt64? {
    guard let gap else { return nil }
    let time = start + UInt64(Double(sent) * gap)
    return time < end ? time : nil
  }

  /// The time that the next request has if it is sent now; nil when it is not yet, or no longer.
  func time(ofRequestAt now: UInt64) -> UInt64? {
    guard isOpen else { return now < end ? now : nil }
    return due.flatMap { $0 <= now ? $0 : nil }
  }

  mutating func goOn() { sent += 1 }
}
