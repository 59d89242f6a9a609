/// What `ledger.compact` asks for.
package struct LedgerCompactParams: MethodParams {
  /// Records with a lower revision go.
  package var before: UInt64
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case before
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var before: UInt64?
    while let key = decoder.next(Self.names) {
      switch key {
      case .before: before = decoder.revision()
      }
    }
    decoder.require("before", isThere: before != nil)
    try decoder.finish()
    guard let before else { preconditionFailure("what is required was looked for") }
    self.before = before
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required(
      "before", Schema.revision,
      "Records with a revision below this go; at most the newest revision and one.")
  ]
}
