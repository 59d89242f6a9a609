package import Addressing

/// What `pod.get` names: an owner key, or the address that it holds.
package struct PodGetParams: MethodParams {
  package enum Target: Sendable, Hashable {
    case owner(PodOwnerText)
    case address(IPAddress)
  }

  package var target: Target
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case namespace, name, containerID, interface, uid, network, ip
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var owner = PodOwnerFields()
    var address: IPAddress?
    var isAddressGiven = false
    while let key = decoder.next(Self.names) {
      switch key {
      case .namespace: owner.namespace = decoder.name()
      case .name: owner.name = decoder.name()
      case .containerID: owner.containerID = decoder.name()
      case .interface: owner.interface = decoder.name()
      case .uid: owner.uid = decoder.name()
      case .network: owner.network = decoder.name()
      case .ip:
        isAddressGiven = true
        address = decoder.address()
      }
    }
    if isAddressGiven {
      owner.forbid(with: "ip", &decoder)
    } else {
      owner.require(&decoder)
    }
    try decoder.finish()
    if let address {
      target = .address(address)
    } else if let owner = owner.owner(decoder) {
      target = .owner(owner)
    } else {
      preconditionFailure("what is required was looked for")
    }
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] =
    PodOwnerText.members.map(\.asOptional) + [
      .optional("ip", Schema.address, "Alone: the reservation that holds this address.")
    ]
}
