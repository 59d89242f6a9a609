/// What `service.reserve` and `service.update` ask for: a Service with its whole spec.
package struct ServiceReserveParams: MethodParams {
  package var namespace: String
  package var name: String
  package var uid: String?
  package var spec: ServiceSpecFields

  /// The request applies to this generation only.
  package var ifRevision: UInt64?

  /// Answer what would happen, and change nothing.
  package var dryRun: Bool
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case namespace, name, uid, spec, ifRevision, dryRun
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var key = ServiceKeyFields()
    var spec: ServiceSpecFields?
    dryRun = false
    while let member = decoder.next(Self.names) {
      switch member {
      case .namespace: key.namespace = decoder.nameString()
      case .name: key.name = decoder.nameString()
      case .uid: uid = decoder.nameString()
      case .spec: spec = ServiceSpecFields(&decoder)
      case .ifRevision: ifRevision = decoder.revision()
      case .dryRun: dryRun = decoder.flag() ?? false
      }
    }
    key.require(&decoder)
    decoder.require("spec", isThere: spec != nil)
    try decoder.finish()
    guard let spec, let key = key.key else {
      preconditionFailure("what is required was looked for")
    }
    (namespace, name) = key
    self.spec = spec
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] =
    ServiceKeyFields.members + ServiceSpecFields.holders + [
      .optional("ifRevision", Schema.revision, "Applies to this generation only, else Conflict."),
      .optional(
        "dryRun", Schema.flag, "True: answer what would happen now, and write nothing."),
    ]
}

/// `service.update` takes what `service.reserve` takes.
package typealias ServiceUpdateParams = ServiceReserveParams
