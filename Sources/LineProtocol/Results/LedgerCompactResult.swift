/// What `ledger.compact` answers.
package struct LedgerCompactResult: MethodResult {
  /// The first revision whose record is kept.
  package var oldestRevision: UInt64

  /// Records that went.
  package var removed: UInt64

  /// The newest revision.
  package var revision: UInt64

  package init(oldestRevision: UInt64, removed: UInt64, revision: UInt64) {
    self.oldestRevision = oldestRevision
    self.removed = removed
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("oldestRevision", oldestRevision)
    writer.member("removed", removed)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("oldestRevision", Schema.revision, "The first whose record is kept."),
      .required("removed", Schema.count, "Records that went."),
      .required("revision", Schema.revision, "The newest, which stays what it is."),
    ])
  }
}
