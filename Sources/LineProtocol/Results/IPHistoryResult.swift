/// What `ip.history` answers.
package struct IPHistoryResult: MethodResult {
  /// One thing that happened to the address.
  package struct Item: Sendable, Hashable {
    package var revision: UInt64

    /// Milliseconds since 1970.
    package var time: Int64

    /// Reserved, Updated, Released or Expired.
    package var type: String
    package var owner: OwnerReference

    /// Who asked for it.
    package var actor: String

    package init(
      revision: UInt64, time: Int64, type: String, owner: OwnerReference, actor: String
    ) {
      self.revision = revision
      self.time = time
      self.type = type
      self.owner = owner
      self.actor = actor
    }
  }

  /// The newest first.
  package var items: [Item]

  /// The newest revision that was looked at.
  package var revision: UInt64

  package init(items: [Item], revision: UInt64) {
    self.items = items
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("items")
    writer.beginArray()
    for item in items {
      writer.beginObject()
      writer.member("revision", item.revision)
      writer.member("time", time: item.time)
      writer.member("type", item.type)
      writer.name("owner")
      item.owner.append(to: &writer)
      writer.member("actor", item.actor)
      writer.endObject()
    }
    writer.endArray()
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required(
        "items",
        Schema.list(
          Schema.object([
            .required("revision", Schema.revision, "The record's."),
            .required("time", Schema.time, "When it happened."),
            .required(
              "type", Schema.choice("Reserved", "Updated", "Released", "Expired"),
              "What happened to the address."),
            .required("owner", Schema.ref("Owner"), "Whose it became, was, or was no longer."),
            .required("actor", Schema.text, "Who asked for it."),
          ])), "The newest first."),
      .required("revision", Schema.revision, "The newest that was looked at."),
    ])
  }
}
