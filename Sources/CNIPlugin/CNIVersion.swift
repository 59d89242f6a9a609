/// A version of the CNI specification that the plugin speaks.
package enum CNIVersion: String, Sendable, Hashable, CaseIterable {
  case v010 = "0.1.0"
  case v020 = "0.2.0"
  case v030 = "0.3.0"
  case v031 = "0.3.1"
  case v040 = "0.4.0"
  case v100 = "1.0.0"
  case v110 = "1.1.0"

  /// How the result of ADD looks.
  package enum ResultShape: Sendable {
    /// `ip4` and `ip6`, one address each.
    case perFamily
    /// `ips`, each with its `version`.
    case listWithVersions
    case list
  }

  package var shape: ResultShape {
    switch self {
    case .v010, .v020: .perFamily
    case .v030, .v031, .v040: .listWithVersions
    case .v100, .v110: .list
    }
  }

  package var hasCheck: Bool { self >= .v040 }

  /// Whether there are GC and STATUS.
  package var hasCollection: Bool { self >= .v110 }

  /// `0.1.0, 0.2.0, …`, for messages.
  package static var all: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// Reads a configuration's `cniVersion`: left out or empty is 0.1.0.
  package init(text: String?) throws(PluginError) {
    let text = text ?? ""
    guard let version = text.isEmpty ? .v010 : Self(rawValue: text) else {
      throw PluginError(
        .incompatibleVersion, "incompatible CNI versions",
        details: "config is \"\(text)\", plugin supports \(Self.all)")
    }
    self = version
  }
}

extension CNIVersion: Comparable {
  package static func < (left: CNIVersion, right: CNIVersion) -> Bool {
    left.order < right.order
  }

  private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
