/// What `ledger.read` asks for: records behind a revision.
package struct LedgerReadParams: MethodParams {
  package var after: UInt64
  package var limit: Int
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case after, limit
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var after: UInt64?
    var page = ListPage()
    while let key = decoder.next(Self.names) {
      switch key {
      case .after: after = decoder.revision()
      case .limit: page.readLimit(&decoder)
      }
    }
    decoder.require("after", isThere: after != nil)
    try decoder.finish()
    guard let after else { preconditionFailure("what is required was looked for") }
    self.after = after
    limit = page.limit
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("after", Schema.revision, "The records behind this one; 0: from the first."),
    .optional("limit", Schema.ref("Limit"), "The most records; 500 when left out."),
  ]
}
