/// What a change of ranges answers: the ranges as they are then.
package struct RangeChangeResult: MethodResult {
  package var items: [RangeItem]

  /// Who has addresses that were excluded, and keeps them; nil for other methods.
  package var held: [OwnerReference]?

  /// That of the record, or the ledger's newest when there is none.
  package var revision: UInt64

  package init(items: [RangeItem], held: [OwnerReference]?, revision: UInt64) {
    self.items = items
    self.held = held
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("items")
    writer.beginArray()
    for item in items { item.append(to: &writer) }
    writer.endArray()
    if let held {
      writer.name("held")
      writer.beginArray()
      for owner in held { owner.append(to: &writer) }
      writer.endArray()
    }
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("items", Schema.list(Schema.ref("Range")), "The ranges that it is about."),
      .optional(
        "held", Schema.list(Schema.ref("Owner")),
        "Who has excluded addresses and keeps them, the first 1,000."),
      .required("revision", Schema.revision, "That of the record written."),
    ])
  }
}
