package import Addressing

/// What releasing one pod reservation answers.
///
/// Writing it makes no String and no array.
package struct PodReleaseResult: MethodResult {
  /// What was held until now; empty when nothing was.
  package var released: IPPair

  /// That of the record, or the ledger's newest when there is none.
  package var revision: UInt64

  package init(released: IPPair, revision: UInt64) {
    self.released = released
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("released")
    writer.beginArray()
    if let first = released.first { writer.value(first) }
    if let second = released.second { writer.value(second) }
    writer.endArray()
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue { ReleaseResult.schema }
}

/// What releasing any number of addresses answers.
package struct ReleaseResult: MethodResult {
  /// What was held until now; empty when nothing was.
  package var released: [IPAddress]

  /// That of the last record, or the ledger's newest when there is none.
  package var revision: UInt64

  package init(released: [IPAddress], revision: UInt64) {
    self.released = released
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("released", released)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required(
        "released", Schema.list(Schema.address), "What was held until now; [] when nothing was."),
      .required("revision", Schema.revision, "That of the last record written."),
    ])
  }
}
