package import Addressing

/// What `pod.release` names: one of four forms, never a mixture of them.
package struct PodReleaseParams: MethodParams {
  package enum Target: Sendable, Hashable {
    /// One reservation, by its owner key.
    case owner(PodOwnerText)

    /// The reservation that holds this address.
    case address(IPAddress)

    /// All interfaces of one container on one node.
    case container(node: JSONText, containerID: JSONText)

    /// Everything that pods of this name hold: every container, interface and network.
    case everything(namespace: JSONText, name: JSONText)
  }

  package var target: Target
  package var ifRevision: UInt64?

  /// Milliseconds since 1970 after which nothing is started any more.
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case namespace, name, containerID, interface, uid, network, node, ip, all, ifRevision
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var fields = Fields()
    var isAddressGiven = false
    while let key = decoder.next(Self.names) {
      switch key {
      case .namespace: fields.owner.namespace = decoder.name()
      case .name: fields.owner.name = decoder.name()
      case .containerID: fields.owner.containerID = decoder.name()
      case .interface: fields.owner.interface = decoder.name()
      case .uid: fields.owner.uid = decoder.name()
      case .network: fields.owner.network = decoder.name()
      case .node: fields.node = decoder.name()
      case .ip:
        isAddressGiven = true
        fields.address = decoder.address()
      case .all: fields.all = decoder.flag() ?? false
      case .ifRevision: ifRevision = decoder.revision()
      }
    }
    let target = fields.target(isAddressGiven: isAddressGiven, &decoder)
    try decoder.finish()
    guard let target else { preconditionFailure("a form that is incomplete has a cause") }
    self.target = target
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] =
    PodOwnerText.members.map(\.asOptional) + [
      .optional(
        "node", Schema.name, "With containerID alone: all interfaces of that container."),
      .optional("ip", Schema.address, "Alone: the reservation that holds this address."),
      .optional(
        "all", Schema.flag, "With namespace and name alone: everything that pods of it hold."),
      .optional("ifRevision", Schema.revision, "Applies to this generation only, else Conflict."),
    ]
}

extension PodReleaseParams {
  /// The members while they are read, before it is known which form they make.
  private struct Fields {
    var owner = PodOwnerFields()
    var node: JSONText?
    var address: IPAddress?
    var all = false

    /// The form, or nil with a cause for each member that is missing or too many.
    func target(isAddressGiven: Bool, _ decoder: inout ParamsDecoder) -> Target? {
      if isAddressGiven {
        owner.forbid(with: "ip", &decoder)
        decoder.forbid("node", isThere: node != nil, with: "ip")
        decoder.forbid("all", isThere: all, with: "ip")
        return address.map { .address($0) }
      }
      if all {
        owner.require(&decoder)
        owner.forbidIncarnation(with: "all", &decoder)
        decoder.forbid("containerID", isThere: owner.containerID != nil, with: "all")
        decoder.forbid("node", isThere: node != nil, with: "all")
        guard let owner = owner.owner(decoder) else { return nil }
        return .everything(namespace: owner.namespace, name: owner.name)
      }
      if let node {
        decoder.require("containerID", isThere: owner.containerID != nil)
        decoder.forbid("namespace", isThere: owner.namespace != nil, with: "node")
        decoder.forbid("name", isThere: owner.name != nil, with: "node")
        owner.forbidIncarnation(with: "node", &decoder)
        return owner.containerID.map { .container(node: node, containerID: $0) }
      }
      owner.require(&decoder)
      return owner.owner(decoder).map { .owner($0) }
    }
  }
}
