/// What `pod.forget` names: a pod of one network, whatever its container and interface.
package struct PodForgetParams: MethodParams {
  package var namespace: String
  package var name: String

  /// Nil when left out: the default network.
  package var network: String?
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case namespace, name, network
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var namespace: String?
    var name: String?
    while let key = decoder.next(Self.names) {
      switch key {
      case .namespace: namespace = decoder.nameString()
      case .name: name = decoder.nameString()
      case .network: network = decoder.nameString()
      }
    }
    decoder.require("namespace", isThere: namespace != nil)
    decoder.require("name", isThere: name != nil)
    try decoder.finish()
    guard let namespace, let name else {
      preconditionFailure("what is required was looked for")
    }
    self.namespace = namespace
    self.name = name
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("namespace", Schema.name, "The pod's namespace."),
    .required("name", Schema.name, "The pod's name."),
    .optional("network", Schema.name, "The network; `default` when left out."),
  ]
}
