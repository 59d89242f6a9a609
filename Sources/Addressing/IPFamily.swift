/// One of the two IP families, spelled as the Kubernetes API spells them.
@usableFromInline
package enum IPFamily: UInt8, Sendable, Hashable, CaseIterable {
  case ipv4 = 4
  case ipv6 = 6

  /// `IPv4` or `IPv6`, exactly; nothing else names a family.
  package init?(name: String) {
    switch name {
    case "IPv4": self = .ipv4
    case "IPv6": self = .ipv6
    default: return nil
    }
  }

  package var name: String {
    switch self {
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    }
  }

  /// The bits of an address: 32 or 128.
  @inlinable
  package var bitWidth: Int {
    switch self {
    case .ipv4: 32
    case .ipv6: 128
    }
  }

  package var other: IPFamily {
    switch self {
    case .ipv4: .ipv6
    case .ipv6: .ipv4
    }
  }
}
