/// One page of a list.
package struct ItemPage<Item: MethodResult>: MethodResult {
  /// Ordered by key.
  package var items: [Item]

  /// Where the next page starts; nil on the last one.
  package var `continue`: String?

  /// The newest revision that the page shows.
  package var revision: UInt64

  package init(items: [Item], continue: String?, revision: UInt64) {
    self.items = items
    self.continue = `continue`
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("items")
    writer.beginArray()
    for item in items { item.append(to: &writer) }
    writer.endArray()
    writer.member("continue", self.continue)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue { Schema.page(of: Item.schema) }
}
