package import Addressing

/// How a Service range is parted for static and automatic addresses (semantics §8.3).
package enum ServiceBands {
  /// How many addresses, from the first usable one on, automatic choice leaves to static requests
  /// until nothing else is free: a sixteenth of the range, 16 to 256, and none of up to 16.
  package static func staticBandSize(of cidr: CIDR) -> Int {
    guard cidr.lastOffset >= 16 else { return 0 }
    // The size is a power of two above 16, and does not fit for `::/0`; its sixteenth does.
    let sixteenth = cidr.lastOffset / 16 + 1
    return Int(min(max(16, sixteenth), 256))
  }
}
