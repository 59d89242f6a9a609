/// Why a text is no address, or no block of addresses.
package enum AddressTextError: Error, Sendable, Hashable {
  case notAnAddress
  /// `010.0.0.1`: some read this as 8.0.0.1, some as 10.0.0.1, so nobody may write it.
  case leadingZero
  /// `fe80::1%eth0`: a zone means something on one host only.
  case zone
  /// `::ffff:10.0.0.1`: an IPv4 address that would pass for IPv6.
  case mappedIPv4
  /// `10.0.0.0/8` where one address is wanted.
  case block
  /// `10.0.0.0` where a block is wanted.
  case missingPrefixLength
  case badPrefixLength(IPFamily)
  /// `10.96.0.1/16`: not the block's first address. Carries the block that was probably meant.
  case hostBits(CIDR)

  /// A sentence for a person, to stand behind the name of the member.
  package var message: String {
    switch self {
    case .notAnAddress: "must be an IP address, such as 10.9.8.7 or 2001:db8::7"
    case .leadingZero: "IPv4 octets and prefix lengths have no leading zeros"
    case .zone: "an address has no zone here"
    case .mappedIPv4: "an IPv4-mapped IPv6 address is refused: write the IPv4 address"
    case .block: "must be one address, without a prefix length"
    case .missingPrefixLength: "must be a CIDR with its prefix length, such as 10.9.8.0/24"
    case .badPrefixLength(let family):
      "the prefix length of an \(family.name) CIDR is a number from 0 to \(family.bitWidth)"
    case .hostBits(let block): "host bits are set: did you mean \(block)?"
    }
  }
}
