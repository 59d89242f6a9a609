/// How a count has moved lately: two samples at least a minute apart, and the present.
///
/// Samples are taken as addresses are handed out. While nobody takes one the window grows, which is
/// right: the pace falls.
struct UseWindow: Sendable {
  /// Milliseconds between two samples.
  static let spacing: Int64 = 60_000

  private var older: (time: Int64, count: Int)?
  private var newer: (time: Int64, count: Int)?

  /// - Parameter now: monotonic milliseconds.
  mutating func sample(_ count: Int, now: Int64) {
    if let newer, now - newer.time < Self.spacing { return }
    older = newer
    newer = (now, count)
  }

  /// How many more there are than some time ago, and how long that is; nil before a second has
  /// passed.
  func pace(_ count: Int, now: Int64) -> UsePace? {
    guard let start = older ?? newer, now - start.time >= 1000 else { return nil }
    return UsePace(change: count - start.count, milliseconds: now - start.time)
  }
}

/// By how much a count of addresses has grown, or shrunk, in a time.
package struct UsePace: Sendable, Equatable {
  package let change: Int
  package let milliseconds: Int64

  /// Seconds until `free` more are taken at this pace; nil: it does not grow.
  package func secondsUntilFull(free: UInt128) -> UInt64? {
    guard change > 0 else { return nil }
    let (product, overflow) = free.multipliedReportingOverflow(by: UInt128(milliseconds))
    guard !overflow else { return nil }
    return UInt64(exactly: product / UInt128(change) / 1000)
  }
}
