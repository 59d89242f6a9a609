/// What `ledger.backup` answers.
package struct LedgerBackupResult: MethodResult {
  package var path: String

  /// The newest revision in the copy.
  package var revision: UInt64
  package var bytes: Int

  package init(path: String, revision: UInt64, bytes: Int) {
    self.path = path
    self.revision = revision
    self.bytes = bytes
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("path", path)
    writer.member("revision", revision)
    writer.member("bytes", bytes)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("path", Schema.text, "Where it is."),
      .required("revision", Schema.revision, "The newest in it."),
      .required("bytes", Schema.count, "Its size."),
    ])
  }
}
