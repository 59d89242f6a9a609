/// Counts durations in buckets whose width grows with the value: 128 to each power of two, so that
/// every figure is within 0.8 % of the truth from a nanosecond to a century.
struct LatencyHistogram {
  private static let subBits = 7
  private var buckets = [UInt64](repeating: 0, count: (64 - subBits + 1) << subBits)
  private(set) var count: UInt64 = 0
  private(set) var maximum: UInt64 = 0

  mutating func record(_ nanoseconds: UInt64) {
    buckets[Self.bucket(of: nanoseconds)] += 1
    count += 1
    if nanoseconds > maximum { maximum = nanoseconds }
  }

  mutating func merge(_ other: LatencyHistogram) {
    for index in buckets.indices { buckets[index] += other.buckets[index] }
    count += other.count
    maximum = max(maximum, other.maximum)
  }

  /// The value that `fraction` of all do not exceed; 0 when there is none.
  func quantile(_ fraction: Double) -> UInt64 {
    guard count > 0 else { return 0 }
    let rank = max(1, UInt64((fraction * Double(count)).rounded(.up)))
    var seen: UInt64 = 0
    for (index, inBucket) in buckets.enumerated() {
      seen += inBucket
      if seen >= rank { return min(maximum, Self.upperEdge(of: index)) }
    }
    return maximum
  }

  /// The first power of two has each value to itself; from there on a bucket is the value's highest
  /// eight bits.
  private static func bucket(of value: UInt64) -> Int {
    let shift = max(0, 63 - subBits - value.leadingZeroBitCount)
    return (shift << subBits) + Int(truncatingIfNeeded: value >> UInt64(shift))
  }

  private static func upperEdge(of bucket: Int) -> UInt64 {
    let shift = max(0, (bucket >> subBits) - 1)
    let leading = UInt64(bucket - (shift << subBits))
    return (leading << UInt64(shift)) | ((1 << UInt64(shift)) - 1)
  }
}
