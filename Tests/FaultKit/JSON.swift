/// A JSON value as a test writes and reads it.
///
/// Numbers keep their text, so that no integer is bent.
package enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSON])
  case object([String: JSON])
}

extension JSON {
  package subscript(_ member: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members[member]
  }

  package subscript(_ index: Int) -> JSON? {
    guard case .array(let items) = self, items.indices.contains(index) else { return nil }
    return items[index]
  }

  package var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  package var int: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }

  package var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  package var list: [JSON]? {
    guard case .array(let items) = self else { return nil }
    return items
  }

  package var members: [String: JSON]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// The strings of an array; nil when it is no array, or holds anything else.
  package var strings: [String]? {
    guard case .array(let items) = self else { return nil }
    let texts = items.compactMap(\.text)
    return texts.count == items.count ? texts : nil
  }

  /// A count as the protocol writes it: a string of decimal digits.
  package var count: Int? { text.flatMap { Int($0) } }

  /// The same object with one more member; `nil` leaves it as it is.
  package func with(_ member: String, _ value: JSON?) -> JSON {
    guard case .object(var members) = self, let value else { return self }
    members[member] = value
    return .object(members)
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { self = .string(value) }
}

extension JSON: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self = .number(String(value)) }
}

extension JSON: ExpressibleByBooleanLiteral {
  package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSON: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

extension JSON: ExpressibleByNilLiteral {
  package init(nilLiteral: ()) { self = .null }
}

extension JSON: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}

extension JSON {
  package static func int(_ value: Int) -> JSON { .number(String(value)) }
  package static func strings(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }
}
