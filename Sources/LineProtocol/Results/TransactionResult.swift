/// What `transaction` answers.
package struct TransactionResult: MethodResult {
  /// The results of the calls in their order, as JSON.
  package var results: [[UInt8]]

  /// That of the last record, or the ledger's newest when there is none.
  package var revision: UInt64

  package init(results: [[UInt8]], revision: UInt64) {
    self.results = results
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("results")
    writer.beginArray()
    for result in results { writer.value(json: result.span) }
    writer.endArray()
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("results", Schema.list(["type": "object"]), "What each call answers, in order."),
      .required("revision", Schema.revision, "That of the last record written."),
    ])
  }
}
