/// Who a pod reservation belongs to, as the request's bytes say it: the owner key's members.
///
/// The ranges point into the line that they were read from.
package struct PodOwnerText: Sendable, Hashable {
  package var namespace: JSONText
  package var name: JSONText
  package var uid: JSONText?
  package var containerID: JSONText?

  /// Nil: `eth0`.
  package var interface: JSONText?

  /// Nil: `default`, whether left out or spelled.
  package var network: JSONText?

  /// What of the key tells one of the pod's incarnations from another: the container's ID, or else
  /// the pod's uid, or else nothing.
  package var incarnation: JSONText? { containerID ?? uid }

  static let members: [SchemaMember] = [
    .required("namespace", Schema.name, "The pod's namespace."),
    .required("name", Schema.name, "The pod's name."),
    .optional("uid", Schema.name, "The pod's uid: part of the key when there is no containerID."),
    .optional(
      "containerID", Schema.name,
      "The sandbox that the addresses are for: a recreated pod has a new one."),
    .optional("interface", Schema.name, "The interface in the pod; eth0 when left out."),
    .optional("network", Schema.name, "The network; default, the node's pod CIDRs, when left out."),
  ]
}

/// The owner key's members while they are read.
struct PodOwnerFields {
  var namespace: JSONText?
  var name: JSONText?
  var uid: JSONText?
  var containerID: JSONText?
  var interface: JSONText?
  var network: JSONText?

  private static let defaultNetwork = PackedName("default")

  /// The owner, once the decoder has found nothing missing.
  func owner(_ decoder: borrowing ParamsDecoder) -> PodOwnerText? {
    guard let namespace, let name else { return nil }
    var owner = PodOwnerText(
      namespace: namespace, name: name, uid: uid, containerID: containerID, interface: interface)
    if let network, decoder.packed(network) != Self.defaultNetwork { owner.network = network }
    return owner
  }

  /// Records a Required cause for each of the two members that a key cannot be without.
  func require(_ decoder: inout ParamsDecoder) {
    decoder.require("namespace", isThere: namespace != nil)
    decoder.require("name", isThere: name != nil)
  }

  /// Records a Forbidden cause for each member that is there: `other` says it all.
  func forbid(with other: String, _ decoder: inout ParamsDecoder) {
    decoder.forbid("namespace", isThere: namespace != nil, with: other)
    decoder.forbid("name", isThere: name != nil, with: other)
    decoder.forbid("containerID", isThere: containerID != nil, with: other)
    forbidIncarnation(with: other, &decoder)
  }

  /// The same for the members that `other` leaves open: it means all of them.
  func forbidIncarnation(with other: String, _ decoder: inout ParamsDecoder) {
    decoder.forbid("uid", isThere: uid != nil, with: other)
    decoder.forbid("interface", isThere: interface != nil, with: other)
    decoder.forbid("network", isThere: network != nil, with: other)
  }
}
