import IPLedgerClient
import Yams

extension JSON {
  /// The value as a YAML document, members in their order.
  var yaml: String {
    // Only text that is no UTF-8 makes the emitter fail, and a String always is.
    (try? Yams.serialize(node: node, width: -1, allowUnicode: true, sortKeys: false)) ?? ""
  }

  /// The value as YAML holds it.
  var node: Node {
    switch self {
    case .null: Node("null", Tag(.null))
    case .bool(let value): Node(value ? "true" : "false", Tag(.bool))
    case .int(let number): Node("\(number)", Tag(.int))
    case .number(let text): Node(text, Tag(.float))
    case .string(let text): Node(text, Tag(.str), Self.style(of: text))
    case .array(let elements): Node(elements.map(\.node), Tag(.seq), .block)
    case .object(let members):
      Node(members.map { (JSON.string($0.name).node, $0.value.node) }, Tag(.map), .block)
    }
  }

  /// Quoted when a reader would take it for a number, a time or a truth.
  private static func style(of text: String) -> Node.Scalar.Style {
    let plain = Resolver.default.resolveTag(of: Node(text))
    return plain == .str && text != "=" && text != "<<" ? .any : .doubleQuoted
  }
}
