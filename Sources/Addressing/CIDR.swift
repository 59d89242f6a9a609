/// A block of addresses: a network address and a prefix length, never with host bits set.
@usableFromInline
package struct CIDR: Hashable, Sendable {
  /// The network address: the first of the block.
  @usableFromInline package let base: IPAddress

  /// The bits that all addresses of the block share: 0 to 32, or 0 to 128.
  @usableFromInline package let prefixLength: Int

  /// Nil when the prefix length does not fit the family, or `base` has host bits set.
  package init?(base: IPAddress, prefixLength: Int) {
    guard (0...base.family.bitWidth).contains(prefixLength) else { return nil }
    guard base.value & Self.hostMask(base.family, prefixLength) == 0 else { return nil }
    self.base = base
    self.prefixLength = prefixLength
  }

  /// The block of this prefix length that holds `address`: its host bits are masked off.
  package init?(containing address: IPAddress, prefixLength: Int) {
    guard (0...address.family.bitWidth).contains(prefixLength) else { return nil }
    let mask = Self.hostMask(address.family, prefixLength)
    self.base = IPAddress(family: address.family, value: address.value & ~mask)
    self.prefixLength = prefixLength
  }

  @inlinable
  package var family: IPFamily { base.family }

  /// The offset of the last address; the block's size less one, so that `::/0` fits too.
  @inlinable
  package var lastOffset: UInt128 { Self.hostMask(family, prefixLength) }

  package var last: IPAddress { IPAddress(family: family, value: base.value | lastOffset) }

  @inlinable
  package func contains(_ address: IPAddress) -> Bool {
    address.family == family && address.value & ~lastOffset == base.value
  }

  package func contains(_ other: CIDR) -> Bool {
    other.prefixLength >= prefixLength && contains(other.base)
  }

  /// Two blocks share an address exactly when one holds the other.
  package func overlaps(_ other: CIDR) -> Bool {
    contains(other.base) || other.contains(base)
  }

  /// The address at a distance from the network address; `offset` is at most `lastOffset`.
  @inlinable
  package func address(at offset: UInt128) -> IPAddress {
    precondition(offset <= lastOffset, "an offset lies inside its block")
    return IPAddress(family: family, value: base.value + offset)
  }

  /// The distance from the network address, or nil for an address of another block.
  @inlinable
  package func offset(of address: IPAddress) -> UInt128? {
    contains(address) ? address.value - base.value : nil
  }

  @inlinable
  static func hostMask(_ family: IPFamily, _ prefixLength: Int) -> UInt128 {
    let hostBits = family.bitWidth - prefixLength
    return hostBits == 128 ? .max : (1 << UInt128(hostBits)) - 1
  }
}
