package import Addressing

/// Up to two addresses in order, without a heap: what one owner asks for or holds.
package struct IPPair: Sendable, Hashable {
  package private(set) var first: IPAddress?
  package private(set) var second: IPAddress?

  package init() {}

  package init(_ first: IPAddress, _ second: IPAddress? = nil) {
    self.first = first
    self.second = second
  }

  /// 0, 1 or 2.
  package var count: Int { first == nil ? 0 : second == nil ? 1 : 2 }

  package var isEmpty: Bool { first == nil }

  /// The address at a position below `count`.
  package subscript(position: Int) -> IPAddress {
    guard let address = position == 0 ? first : second else {
      preconditionFailure("a position lies below the count")
    }
    return address
  }

  /// The first address of this family.
  package subscript(family: IPFamily) -> IPAddress? {
    if let first, first.family == family { return first }
    if let second, second.family == family { return second }
    return nil
  }

  /// False, and nothing is added, when there are two already.
  @discardableResult
  package mutating func append(_ address: IPAddress) -> Bool {
    if first == nil {
      first = address
    } else if second == nil {
      second = address
    } else {
      return false
    }
    return true
  }
}
