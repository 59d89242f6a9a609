import Histogram

/// Latencies in nanoseconds, each within 0.1 % of the truth.
typealias LatencyHistogram = Histogram<UInt64>

extension Histogram<UInt64> {
  /// The longest latency told apart from longer ones: an hour.
  static let longestLatency: UInt64 = 3_600_000_000_000

  /// For latencies.
  static var empty: LatencyHistogram {
    LatencyHistogram(highestTrackableValue: longestLatency)
  }

  mutating func recordLatency(_ nanoseconds: UInt64) {
    record(Swift.min(nanoseconds, Self.longestLatency))
  }

  /// The value that `fraction` of all do not exceed; 0 when there is none.
  func quantile(_ fraction: Double) -> UInt64 {
    totalCount == 0 ? 0 : valueAtPercentile(fraction * 100)
  }
}
