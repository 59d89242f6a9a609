internal import Addressing

/// What `ledger.backup` asks for.
package struct LedgerBackupParams: MethodParams {
  /// Where the copy goes, on the daemon's machine: absolute.
  package var path: String
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case path
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var path: String?
    while let key = decoder.next(Self.names) {
      switch key {
      case .path:
        path = decoder.string()
        if let path, !path.hasPrefix("/") || path.hasSuffix("/") || path.utf8.contains(0) {
          decoder.add(.invalid, "path names a file from the root: /var/backups/ledger.db")
        }
      }
    }
    decoder.require("path", isThere: path != nil)
    try decoder.finish()
    guard let path else { preconditionFailure("what is required was looked for") }
    self.path = path
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("path", Schema.text, "A new file on the daemon's machine, from the root.")
  ]
}
