/// Quantiles of a duration, in microseconds.
package struct LatencyQuantiles: Sendable, Equatable {
  package let p50: UInt64
  package let p90: UInt64
  package let p99: UInt64
  package let max: UInt64
}

/// Counts durations in buckets that are an eighth of their power of two wide: quantiles are right
/// to 12.5 %, in 4 KiB and without an allocation per value.
package struct LatencyHistogram: Sendable {
  private static let steps: UInt64 = 8
  private var buckets = [UInt64](repeating: 0, count: 64 * 8)
  private var count: UInt64 = 0

  /// Of all values.
  package private(set) var sumMicroseconds: UInt64 = 0
  private var greatest: UInt64 = 0

  package init() {}

  package mutating func record(microseconds value: UInt64) {
    buckets[Self.bucket(value)] += 1
    count += 1
    sumMicroseconds &+= value
    greatest = max(greatest, value)
  }

  package mutating func add(_ other: LatencyHistogram) {
    for index in buckets.indices { buckets[index] += other.buckets[index] }
    count += other.count
    sumMicroseconds &+= other.sumMicroseconds
    greatest = max(greatest, other.greatest)
  }

  /// How many values there are.
  package var total: UInt64 { count }

  /// How many values are at most each bound, which rise; a value in a bucket that a bound cuts is
  /// counted above it.
  package func counts(upToMicroseconds bounds: [UInt64]) -> [UInt64] {
    var counts: [UInt64] = []
    var passed: UInt64 = 0
    var index = 0
    for bound in bounds {
      while index < buckets.count, Self.upperBound(index) <= bound {
        passed += buckets[index]
        index += 1
      }
      counts.append(passed)
    }
    return counts
  }

  /// Nil before the first value.
  package var quantiles: LatencyQuantiles? {
    guard count > 0 else { return nil }
    return LatencyQuantiles(
      p50: quantile(50), p90: quantile(90), p99: quantile(99), max: greatest)
  }

  /// The upper bound of the bucket in which `percent` of all values have been passed.
  private func quantile(_ percent: UInt64) -> UInt64 {
    let wanted = (count * percent + 99) / 100
    var passed: UInt64 = 0
    for (index, bucket) in buckets.enumerated() {
      passed += bucket
      if passed >= wanted { return min(Self.upperBound(index), greatest) }
    }
    return greatest
  }

  /// Values below 8 have a bucket each; above, the three bits behind the leading one choose it.
  private static func bucket(_ value: UInt64) -> Int {
    guard value >= steps else { return Int(value) }
    let exponent = UInt64(63 - value.leadingZeroBitCount)
    let step = (value >> (exponent - 3)) & (steps - 1)
    return Int((exponent - 2) * steps + step)
  }

  private static func upperBound(_ bucket: Int) -> UInt64 {
    let index = UInt64(bucket)
    guard index >= steps else { return index }
    let exponent = index / steps + 2
    let step = index % steps
    return ((steps + step + 1) << (exponent - 3)) - 1
  }
}
