/// What `server.authenticate` answers.
package struct ServerAuthenticateResult: MethodResult {
  /// What the connection may do from now on.
  package var role: Role

  /// The node whose pods alone it may change; nil: all.
  package var node: String?

  package init(role: Role, node: String?) {
    self.role = role
    self.node = node
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("role", role.name)
    writer.member("node", node)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required(
        "role", Schema.choice("none", "reader", "allocator", "controller", "admin"),
        "What the connection may do from now on."),
      .optional("node", Schema.name, "The node whose pods alone it may change."),
    ])
  }
}
