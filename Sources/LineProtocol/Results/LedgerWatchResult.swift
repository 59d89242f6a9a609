/// What `ledger.watch` answers; events follow it.
package struct LedgerWatchResult: MethodResult {
  /// What events are marked with: `w1`.
  package var watch: String

  /// Events are those behind this revision.
  package var revision: UInt64

  package init(watch: String, revision: UInt64) {
    self.watch = watch
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("watch", watch)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("watch", Schema.text, "What its events are marked with."),
      .required("revision", Schema.revision, "Its events are those behind this one."),
    ])
  }
}
