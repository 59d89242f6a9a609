/// What `egress.classify` answers.
package struct EgressClassifyResult: MethodResult {
  /// Whether the packet leaves under the node's address.
  package var masquerade: Bool

  /// Why, in a sentence for a person.
  package var because: String

  package init(masquerade: Bool, because: String) {
    self.masquerade = masquerade
    self.because = because
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("masquerade", masquerade)
    writer.member("because", because)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("masquerade", Schema.flag, "Whether it leaves under the node's address."),
      .required("because", Schema.text, "Why, for a person."),
    ])
  }
}
