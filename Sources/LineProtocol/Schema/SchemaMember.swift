/// One named member of params or of a result, as the OpenRPC document shows it.
package struct SchemaMember: Sendable, Hashable {
  package let name: String
  package let isRequired: Bool
  package let schema: JSONValue

  /// A sentence for a person: meaning, unit, default.
  package let text: String

  package static func required(
    _ name: String, _ schema: JSONValue, _ text: String
  ) -> SchemaMember {
    SchemaMember(name: name, isRequired: true, schema: schema, text: text)
  }

  package static func optional(
    _ name: String, _ schema: JSONValue, _ text: String
  ) -> SchemaMember {
    SchemaMember(name: name, isRequired: false, schema: schema, text: text)
  }
}

extension SchemaMember {
  /// The same member where it may be left out.
  package var asOptional: SchemaMember {
    SchemaMember(name: name, isRequired: false, schema: schema, text: text)
  }

  /// The member as one of an OpenRPC method's `params`.
  package var contentDescriptor: JSONValue {
    [
      "name": .string(name), "description": .string(text), "required": .bool(isRequired),
      "schema": schema,
    ]
  }

  /// The member as a property of an object's schema.
  package var property: JSONValue.Member {
    JSONValue.Member(name, schema.adding([JSONValue.Member("description", .string(text))]))
  }
}
