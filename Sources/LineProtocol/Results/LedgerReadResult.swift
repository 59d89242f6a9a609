/// What `ledger.read` answers.
package struct LedgerReadResult: MethodResult {
  /// The records, as JSON with commas between them.
  package var items: [UInt8]

  /// The newest revision that was there to be read.
  package var revision: UInt64

  package init(items: [UInt8], revision: UInt64) {
    self.items = items
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("items")
    writer.value(json: items.span)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("items", Schema.list(Schema.ref("Record")), "In their order."),
      .required("revision", Schema.revision, "The newest that was there to be read."),
    ])
  }

  /// What `components/schemas/Record` holds.
  static let definition = Schema.object([
    .required("revision", Schema.revision, "Its place in the ledger."),
    .required("time", Schema.time, "When it was written."),
    .required(
      "type", Schema.choice("Reserved", "Updated", "Released", "Expired"), "What happened."),
    .required("kind", Schema.choice("Pod", "Service", "Node", "Range"), "To what."),
    .required("actor", Schema.text, "Who asked for it: uid:0."),
    .required("object", ["type": "object"], "The object as lists show it, as it was or became."),
  ])
}
