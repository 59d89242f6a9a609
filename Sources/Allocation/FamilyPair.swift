import Addressing

/// At most one value of each family, in the order that matters: a pair without an array.
package struct FamilyPair<Element: Sendable>: Sendable {
  package private(set) var first: Element?
  package private(set) var second: Element?

  package init(_ first: Element? = nil, _ second: Element? = nil) {
    precondition(first != nil || second == nil, "a pair fills from the front")
    self.first = first
    self.second = second
  }

  package var count: Int { first == nil ? 0 : second == nil ? 1 : 2 }

  package var isEmpty: Bool { first == nil }

  /// Adds behind what is there; at most two.
  package mutating func append(_ element: Element) {
    precondition(second == nil, "there are two families")
    if first == nil { first = element } else { second = element }
  }

  package subscript(index: Int) -> Element {
    guard let element = index == 0 ? first : second else {
      preconditionFailure("an index lies below the count")
    }
    return element
  }

  package func contains(where predicate: (Element) -> Bool) -> Bool {
    if let first, predicate(first) { return true }
    if let second, predicate(second) { return true }
    return false
  }

  package func firstElement(where predicate: (Element) -> Bool) -> Element? {
    if let first, predicate(first) { return first }
    if let second, predicate(second) { return second }
    return nil
  }

  package var array: [Element] {
    guard let first else { return [] }
    guard let second else { return [first] }
    return [first, second]
  }
}

extension FamilyPair: Equatable where Element: Equatable {}

extension FamilyPair where Element == IPAddress {
  func of(_ family: IPFamily) -> IPAddress? {
    firstElement { $0.family == family }
  }
}
