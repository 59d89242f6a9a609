/// An address of either family: a value that is compared, never a string.
@usableFromInline
package struct IPAddress: Hashable, Sendable {
  /// The address as a number; below 2^32 for IPv4.
  ///
  /// It stands first: behind it the family takes one byte, in front of it sixteen.
  @usableFromInline package let value: UInt128

  @usableFromInline package let family: IPFamily

  @inlinable
  package init(family: IPFamily, value: UInt128) {
    precondition(family == .ipv6 || value <= UInt128(UInt32.max), "an IPv4 address has 32 bits")
    self.value = value
    self.family = family
  }
}

extension IPAddress: Comparable {
  /// IPv4 before IPv6, then by number.
  @usableFromInline
  package static func < (left: IPAddress, right: IPAddress) -> Bool {
    left.family == right.family
      ? left.value < right.value : left.family.rawValue < right.family.rawValue
  }
}
