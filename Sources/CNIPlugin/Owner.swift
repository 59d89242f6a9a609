internal import IPLedgerClient

/// Who an attachment's addresses belong to in the ledger.
///
/// A pod is known by its namespace and name. Where the runtime names no pod, the network's name and
/// the container's ID stand for them: the key is always whole, so that a release looks nothing up.
struct Owner: Sendable, Hashable {
  let namespace: String
  let name: String
  let attachment: Invocation.Attachment

  /// A named pool; nil: the node's pod CIDRs.
  let pool: String?

  /// Whether the runtime has named the pod.
  let isPodNamed: Bool

  init(
    _ attachment: Invocation.Attachment, network: String, pool: String?, arguments: Arguments
  ) {
    if let namespace = arguments.namespace, let name = arguments.podName {
      self.namespace = namespace
      self.name = name
      isPodNamed = true
    } else {
      namespace = network
      name = attachment.containerID
      isPodNamed = false
    }
    self.attachment = attachment
    self.pool = pool
  }

  /// The members of the owner key.
  var members: [JSON.Member] {
    [
      JSON.Member("namespace", .string(namespace)),
      JSON.Member("name", .string(name)),
      JSON.Member("containerID", .string(attachment.containerID)),
      JSON.Member("interface", .string(attachment.interface)),
    ] + (pool.map { [JSON.Member("network", .string($0))] } ?? [])
  }

  /// The label that says which CNI network a reservation belongs to.
  static var networkLabel: String { "cni-network" }

  /// The label for a pod's name that came without a namespace.
  static var podLabel: String { "cni-pod" }
}
