internal import Addressing

/// What `egress.render` asks for.
package struct EgressRenderParams: MethodParams {
  package enum Format: String, Sendable, CaseIterable {
    case nftables
    case ipMasqAgent = "ip-masq-agent"
  }

  package var format: Format

  /// For the pods of this node alone; nil: for all.
  package var node: String?
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case format, node
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var format: Format?
    while let key = decoder.next(Self.names) {
      switch key {
      case .format: format = decoder.choice(Format.self)
      case .node: node = decoder.nameString()
      }
    }
    decoder.require("format", isThere: format != nil)
    try decoder.finish()
    guard let format else { preconditionFailure("what is required was looked for") }
    self.format = format
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("format", Schema.choice("nftables", "ip-masq-agent"), "Whose language."),
    .optional("node", Schema.name, "For the pods of this node alone."),
  ]
}
