package import Addressing

/// The families that have a Service range, in the cluster's order: none, one or two.
package struct ServiceFamilies: Sendable, Equatable {
  private let families: [IPFamily]

  package init(_ families: [IPFamily]) {
    precondition(Set(families).count == families.count, "a family has one Service range at most")
    self.families = families
  }

  /// The family of a Service that names none.
  ///
  /// With no Service range only headless Services get past the rules, and theirs is IPv4, as in
  /// an API server that was not told otherwise.
  var primary: IPFamily { families.first ?? .ipv4 }

  var isEmpty: Bool { families.isEmpty }

  var isDual: Bool { families.count == 2 }

  func contains(_ family: IPFamily) -> Bool {
    families.contains(family)
  }
}
