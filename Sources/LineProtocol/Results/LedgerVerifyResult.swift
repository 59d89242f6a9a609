/// What `ledger.verify` answers.
package struct LedgerVerifyResult: MethodResult {
  /// What does not fit; empty when all is well.
  package var problems: [String]

  /// Records that were read.
  package var records: UInt64

  /// The newest revision that was looked at.
  package var revision: UInt64

  package init(problems: [String], records: UInt64, revision: UInt64) {
    self.problems = problems
    self.records = records
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("ok", problems.isEmpty)
    writer.member("problems", problems)
    writer.member("records", records)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("ok", Schema.flag, "Whether everything fits."),
      .required("problems", Schema.list(Schema.text), "What does not, for a person."),
      .required("records", Schema.count, "Records that were read."),
      .required("revision", Schema.revision, "The newest that was looked at."),
    ])
  }
}
