/// An address of either family: a value that is compared, never a string.
package struct IPAddress: Hashable, Sendable {
  package let family: IPFamily

  /// The address as a number; below 2^32 for IPv4.
  package let value: UInt128

  @inlinable
  package init(family: IPFamily, value: UInt128) {
    precondition(family == .ipv6 || value <= UInt128(UInt32.max), "an IPv4 address has 32 bits")
    self.family = family
    self.value = value
  }
}

extension IPAddress: Comparable {
  /// IPv4 before IPv6, then by number.
  package static func < (left: IPAddress, right: IPAddress) -> Bool {
    left.family == right.family
      ? left.value < right.value : left.family.rawValue < right.family.rawValue
  }
}
