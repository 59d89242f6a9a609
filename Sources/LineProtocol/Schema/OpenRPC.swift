/// The OpenRPC document: what `rpc.discover` answers and `proto-spec/openrpc.json` holds.
///
/// It is made from the method table; the same version and limits give the same bytes.
package enum OpenRPC {
  /// The document on one line.
  package static func document(
    version: String = ProtocolVersion.text, limits: ProtocolLimits
  ) -> [UInt8] {
    value(version: version, limits: limits).encoded(.line)
  }

  /// The document laid out for people, as the file in `proto-spec` has it.
  package static func pages(
    version: String = ProtocolVersion.text, limits: ProtocolLimits
  ) -> [UInt8] {
    value(version: version, limits: limits).encoded(.pages)
  }

  package static func value(version: String, limits: ProtocolLimits) -> JSONValue {
    [
      "openrpc": "1.3.2",
      "info": [
        "title": "ipledger",
        "description":
          """
        Keeps, durably and for both IP families, which Service, node and pod of a \
        Kubernetes cluster holds which address. JSON-RPC 2.0, one message a line.
        """,
        "version": .string(version),
      ],
      "methods": .array(Method.table.map { method($0) }),
      "components": [
        "contentDescriptors": ["deadline": deadline.contentDescriptor],
        "schemas": schemas(limits: limits),
        "errors": errors,
      ],
    ]
  }

  private static let deadline = SchemaMember.optional(
    "deadline", Schema.time, "After this the request is not started any more: DeadlineExceeded.")

  private static func method(_ row: Method.Row) -> JSONValue {
    let params = row.params.members.map(\.contentDescriptor)
    let common: [ErrorReason] = [
      .invalidParams, .internalError, .overloaded, .shuttingDown, .deadlineExceeded,
    ]
    let access: [ErrorReason] = row.role == .none ? [] : [.forbidden]
    let description: JSONValue = [
      "name": .string(row.name),
      "summary": .string(row.summary),
      "paramStructure": "by-name",
      "params": .array(params + [["$ref": "#/components/contentDescriptors/deadline"]]),
      "result": ["name": "result", "schema": row.result.schema],
      "errors": .array(
        (row.errors + access + common).map {
          ["$ref": .string("#/components/errors/\($0.rawValue)")]
        }),
      "x-role": .string(row.role.name),
    ]
    let examples = examples(of: row.method)
    guard !examples.isEmpty else { return description }
    return description.adding([JSONValue.Member("examples", .array(examples.map(\.pairing)))])
  }

  /// Every error of the catalogue, by its reason.
  private static var errors: JSONValue {
    .object(
      ErrorReason.allCases.map { reason in
        JSONValue.Member(
          reason.rawValue,
          [
            "code": .int(Int64(reason.code)),
            "message": .string(meaning(of: reason)),
            "data": [
              "reason": .string(reason.rawValue), "retryable": .bool(reason.isRetryable),
            ],
          ])
      })
  }
}
