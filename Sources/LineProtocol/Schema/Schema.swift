/// The words that schemas are built from: JSON Schema, draft 7.
package enum Schema {
  package static let text: JSONValue = ["type": "string"]
  package static let flag: JSONValue = ["type": "boolean"]

  /// An integer that is never negative: counts, sizes, seconds.
  package static let count: JSONValue = ["type": "integer", "minimum": 0]

  /// A count that may pass 2^53, and so is a string of decimal digits.
  package static let bigCount = ref("Count")

  package static let name = ref("Name")
  package static let address = ref("IPAddress")
  package static let cidr = ref("CIDR")
  package static let family = ref("IPFamily")

  /// Families in order: each at most once.
  package static let families = list(family, atMost: 2)
  package static let revision = ref("Revision")
  package static let time = ref("Timestamp")
  package static let labels = ref("Labels")

  /// A schema of `components/schemas`.
  package static func ref(_ name: String) -> JSONValue {
    ["$ref": .string("#/components/schemas/\(name)")]
  }

  package static func list(_ item: JSONValue, atMost limit: Int64? = nil) -> JSONValue {
    let schema: JSONValue = ["type": "array", "items": item]
    guard let limit else { return schema }
    return schema.adding([JSONValue.Member("maxItems", .int(limit))])
  }

  /// A string that is one of these, spelled exactly so.
  package static func choice(_ values: String...) -> JSONValue {
    ["type": "string", "enum": .array(values.map { .string($0) })]
  }

  /// An object with these members and no others.
  package static func object(_ members: [SchemaMember]) -> JSONValue {
    let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
    let schema: JSONValue = [
      "type": "object", "properties": .object(members.map(\.property)),
      "additionalProperties": false,
    ]
    guard !required.isEmpty else { return schema }
    return schema.adding([JSONValue.Member("required", .array(required))])
  }

  /// What every list answers: a page of items and where the next one starts.
  package static func page(of item: JSONValue) -> JSONValue {
    object([
      .required("items", list(item), "Ordered by key."),
      .optional(
        "continue", text, "Send it back as `continue` for the next page; absent on the last one."),
      .required("revision", revision, "The newest revision that the page shows."),
    ])
  }
}
