import FaultKit

/// An IP family, as the protocol spells it.
enum Family: String, Sendable, CaseIterable, CustomStringConvertible {
  case ipv4 = "IPv4"
  case ipv6 = "IPv6"

  var other: Family { self == .ipv4 ? .ipv6 : .ipv4 }
  var description: String { rawValue }

  static func of(_ address: String) -> Family { AddressText.isIPv6(address) ? .ipv6 : .ipv4 }
}

/// The kinds of cluster that Kubernetes' tables distinguish.
enum Cluster: String, Sendable, CaseIterable, CustomStringConvertible {
  case ipv4
  case ipv6
  case dualIPv4First
  case dualIPv6First

  static let single: [Cluster] = [.ipv4, .ipv6]
  static let dual: [Cluster] = [.dualIPv4First, .dualIPv6First]

  var description: String { rawValue }

  /// The configured families, the primary one first.
  var families: [Family] {
    switch self {
    case .ipv4: [.ipv4]
    case .ipv6: [.ipv6]
    case .dualIPv4First: [.ipv4, .ipv6]
    case .dualIPv6First: [.ipv6, .ipv4]
    }
  }

  var primary: Family { families[0] }
  var isDual: Bool { families.count == 2 }

  var setup: DaemonSetup {
    switch self {
    case .ipv4: .ipv4
    case .ipv6: .ipv6
    case .dualIPv4First: .dual
    case .dualIPv6First: .dualIPv6First
    }
  }

  static func serviceRange(_ family: Family) -> String {
    family == .ipv4 ? "10.96.0.0/16" : "fd00:10:96::/108"
  }

  /// An address of the static band, so that no automatic choice has it.
  static func staticAddress(_ family: Family, _ number: Int) -> String {
    precondition((1...255).contains(number), "the static band has 256 addresses")
    return family == .ipv4 ? "10.96.0.\(number)" : "fd00:10:96::\(String(number, radix: 16))"
  }
}
