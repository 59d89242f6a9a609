import Addressing
import Policy

/// The kinds of clusters that a table is about, by the families of their Service ranges.
enum ClusterKind: String, CaseIterable, Sendable {
  case v4, v6, dual46, dual64, none

  var families: [IPFamily] {
    switch self {
    case .v4: [.ipv4]
    case .v6: [.ipv6]
    case .dual46: [.ipv4, .ipv6]
    case .dual64: [.ipv6, .ipv4]
    case .none: []
    }
  }

  var service: ServiceFamilies { ServiceFamilies(families) }
}
