/// What `pod.reconcile` answers.
package struct PodReconcileResult: MethodResult {
  /// What was released, or would be; empty when nothing was.
  package var released: [PodItem]

  /// That of the last record, or the ledger's newest when there is none.
  package var revision: UInt64

  package init(released: [PodItem], revision: UInt64) {
    self.released = released
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("released")
    writer.beginArray()
    for pod in released { pod.append(to: &writer) }
    writer.endArray()
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("released", Schema.list(PodItem.schema), "What was released, or would be."),
      .required("revision", Schema.revision, "That of the last record written."),
    ])
  }
}
