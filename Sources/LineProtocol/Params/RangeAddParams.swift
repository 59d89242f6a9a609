package import Addressing

/// What `range.add` adds.
package struct RangeAddParams: MethodParams {
  package var name: String
  package var purpose: RangeItem.Purpose
  package var cidr: CIDR
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case name, purpose, cidr
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var name: String?
    var purpose: RangeItem.Purpose?
    var cidr: CIDR?
    while let key = decoder.next(Self.names) {
      switch key {
      case .name: name = decoder.nameString()
      case .purpose: purpose = decoder.choice(RangeItem.Purpose.self)
      case .cidr: cidr = decoder.cidr()
      }
    }
    decoder.require("name", isThere: name != nil)
    decoder.require("purpose", isThere: purpose != nil)
    decoder.require("cidr", isThere: cidr != nil)
    if let name, CIDR(name) != nil {
      decoder.add("name", .invalid, "a CIDR names a node's block: give the range another name")
    }
    try decoder.finish()
    guard let name, let purpose, let cidr else {
      preconditionFailure("what is required was looked for")
    }
    self.name = name
    self.purpose = purpose
    self.cidr = cidr
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("name", Schema.name, "Its name; of a pool, the network that pods name."),
    .required("purpose", Schema.choice("service", "pod", "loadBalancer", "pool"), "What for."),
    .required("cidr", Schema.cidr, "Its addresses, which no other range has."),
  ]
}
