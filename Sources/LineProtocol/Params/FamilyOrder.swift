package import Addressing

/// The families that a request names, in its order: none, one or both; each at most once.
package struct FamilyOrder: Sendable, Hashable {
  package private(set) var primary: IPFamily?
  package private(set) var secondary: IPFamily?

  package init() {}

  /// A family that is already there is not added again.
  package init(_ primary: IPFamily, _ secondary: IPFamily? = nil) {
    self.primary = primary
    self.secondary = secondary == primary ? nil : secondary
  }

  /// Whether the request left the choice to the server.
  package var isEmpty: Bool { primary == nil }

  /// 0, 1 or 2.
  package var count: Int { primary == nil ? 0 : secondary == nil ? 1 : 2 }

  /// The family at a position below `count`.
  package subscript(position: Int) -> IPFamily {
    guard let family = position == 0 ? primary : secondary else {
      preconditionFailure("a position lies below the count")
    }
    return family
  }

  package func contains(_ family: IPFamily) -> Bool { primary == family || secondary == family }

  /// False, and nothing is added, when the family is there already.
  @discardableResult
  package mutating func append(_ family: IPFamily) -> Bool {
    guard !contains(family) else { return false }
    if primary == nil {
      primary = family
    } else {
      secondary = family
    }
    return true
  }
}
