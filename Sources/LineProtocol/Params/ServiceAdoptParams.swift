/// What `service.adopt` names: a Service as it stands in a cluster, addresses included.
package struct ServiceAdoptParams: MethodParams {
  package var namespace: String
  package var name: String
  package var uid: String?
  package var spec: ServiceSpecFields
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case namespace, name, uid, spec
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var key = ServiceKeyFields()
    var spec: ServiceSpecFields?
    while let member = decoder.next(Self.names) {
      switch member {
      case .namespace: key.namespace = decoder.nameString()
      case .name: key.name = decoder.nameString()
      case .uid: uid = decoder.nameString()
      case .spec: spec = ServiceSpecFields(&decoder)
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

  package static let members: [SchemaMember] = ServiceKeyFields.members + ServiceSpecFields.holders
}
