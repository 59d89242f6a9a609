/// What `ledger.unwatch` names.
package struct LedgerUnwatchParams: MethodParams {
  package var watch: String
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case watch
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var watch: String?
    while let key = decoder.next(Self.names) {
      switch key {
      case .watch: watch = decoder.string()
      }
    }
    decoder.require("watch", isThere: watch != nil)
    try decoder.finish()
    guard let watch else { preconditionFailure("what is required was looked for") }
    self.watch = watch
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("watch", Schema.text, "As `ledger.watch` answered it, on the same connection.")
  ]
}
