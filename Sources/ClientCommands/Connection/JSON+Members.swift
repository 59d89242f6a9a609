import IPLedgerClient

extension JSON {
  /// An object of the members that have a value.
  static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }

  /// This object with a member set: in its place, or at the end.
  func with(_ name: String, _ value: JSON?) -> JSON {
    guard var members else { return self }
    let place = members.firstIndex { $0.name == name }
    switch (place, value) {
    case (let place?, let value?): members[place] = Member(name, value)
    case (let place?, nil): members.remove(at: place)
    case (nil, let value?): members.append(Member(name, value))
    case (nil, nil): break
    }
    return .object(members)
  }

  static func optional(_ text: String?) -> JSON? { text.map(JSON.string) }

  static func optional(_ number: Int64?) -> JSON? { number.map(JSON.int) }

  /// True, or nothing.
  static func flag(_ isSet: Bool) -> JSON? { isSet ? true : nil }

  /// An array, or nothing when there is nothing in it.
  static func optional(_ texts: [String]) -> JSON? {
    texts.isEmpty ? nil : .array(texts.map(JSON.string))
  }
}

extension JSON {
  /// The members of both.
  func merging(_ other: JSON) -> JSON {
    (other.members ?? []).reduce(self) { $0.with($1.name, $1.value) }
  }
}
