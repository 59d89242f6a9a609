/// What `egress.render` answers.
package struct EgressRenderResult: MethodResult {
  package var text: String

  package init(text: String) {
    self.text = text
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("text", text)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([.required("text", Schema.text, "To be loaded as it stands.")])
  }
}
