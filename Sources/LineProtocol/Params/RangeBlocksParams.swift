package import Addressing

/// What `range.exclude` takes out of ranges, and `range.include` takes back.
package struct RangeBlocksParams: MethodParams {
  /// At least one.
  package var cidrs: [CIDR]

  /// Why, for whoever reads the ledger.
  package var note: String?
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case cidrs, note
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var isGiven = false
    cidrs = []
    while let key = decoder.next(Self.names) {
      switch key {
      case .cidrs:
        isGiven = true
        cidrs = decoder.cidrs(atMost: limits.batch)
        decoder.require("cidrs", isThere: !cidrs.isEmpty)
      case .note: note = decoder.nameString()
      }
    }
    decoder.require("cidrs", isThere: isGiven)
    try decoder.finish()
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("cidrs", Schema.list(Schema.cidr), "The blocks, of any ranges."),
    .optional("note", Schema.name, "Why, for whoever reads the ledger."),
  ]
}
