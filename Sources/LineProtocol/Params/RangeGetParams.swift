package import Addressing

/// What `range.get` names: a range by its name, or a range or a node's block by its CIDR.
package struct RangeGetParams: MethodParams {
  package enum Target: Sendable, Hashable {
    case name(String)
    case cidr(CIDR)
  }

  package var target: Target
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case name, cidr
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var name: String?
    var cidr: CIDR?
    var isCIDRGiven = false
    while let key = decoder.next(Self.names) {
      switch key {
      case .name: name = decoder.nameString()
      case .cidr:
        isCIDRGiven = true
        cidr = decoder.cidr()
      }
    }
    if isCIDRGiven {
      decoder.forbid("name", isThere: name != nil, with: "cidr")
    } else {
      decoder.require("name", isThere: name != nil, or: "cidr")
    }
    try decoder.finish()
    if let cidr {
      target = .cidr(cidr)
    } else if let name {
      target = .name(name)
    } else {
      preconditionFailure("what is required was looked for")
    }
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .optional("name", Schema.name, "The range of this name."),
    .optional(
      "cidr", Schema.cidr, "The range with this CIDR, or the addresses of the node's block."),
  ]
}
