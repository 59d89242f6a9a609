import IPLedgerClient
import Yams

extension Node {
  /// The member of a mapping.
  func member(_ name: String) -> Node? {
    mapping?.first { $0.key.string == name }?.value
  }

  /// The node at a path of member names.
  func node(at path: String...) -> Node? {
    path.reduce(self) { $0?.member($1) }
  }

  /// The text of a scalar that is a string, as `name` is.
  var text: String? {
    guard case .string(let text)? = json else { return nil }
    return text
  }

  /// This mapping with a member set: in its place, or at the end.
  ///
  /// What is no mapping becomes one. Nil takes the member out.
  func setting(_ path: [String], _ value: JSON?) -> Node {
    guard let name = path.first else { return value?.node ?? self }
    var pairs = mapping?.map { ($0.key, $0.value) } ?? []
    let place = pairs.firstIndex { $0.0.string == name }
    guard path.count > 1 || value != nil else {
      if let place { pairs.remove(at: place) }
      return rebuilt(pairs)
    }
    let old = place.map { pairs[$0].1 }
    let new = (old ?? JSON.object([]).node).setting(Array(path.dropFirst()), value)
    if let place { pairs[place].1 = new } else { pairs.append((JSON.string(name).node, new)) }
    return rebuilt(pairs)
  }

  private func rebuilt(_ pairs: [(Node, Node)]) -> Node { Node(pairs, Tag(.map), .block) }

  /// The value as JSON has it; nil when JSON has no such value.
  var json: JSON? {
    switch self {
    case .scalar(let scalar): scalar.json(tag: tag)
    case .sequence(let elements):
      elements.allSatisfy { $0.json != nil } ? .array(elements.compactMap(\.json)) : nil
    case .mapping(let mapping):
      .object(
        mapping.compactMap { key, value in
          guard let name = key.string, let value = value.json else { return nil }
          return JSON.Member(name, value)
        })
    case .alias: nil
    }
  }
}

extension Node.Scalar {
  /// By YAML's rules for plain scalars, as the tools of Kubernetes read them.
  fileprivate func json(tag: Tag) -> JSON {
    guard style == .plain || style == .any else { return .string(string) }
    switch tag {
    case Tag(.null): return .null
    case Tag(.bool):
      return .bool(["true", "yes", "on"].contains(string.lowercased()))
    case Tag(.int):
      if let number = Int64(string) { return .int(number) }
      return Node(string).int.map { .int(Int64($0)) } ?? .string(string)
    case Tag(.float): return Node(string).float.map { .number("\($0)") } ?? .string(string)
    default: return .string(string)
    }
  }
}
