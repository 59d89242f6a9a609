internal import Addressing

/// A pod reservation as `pod.get` and `pod.list` show it.
package struct PodItem: MethodResult {
  package var node: String
  package var namespace: String
  package var name: String
  package var uid: String?
  package var containerID: String?
  package var interface: String
  package var network: String

  /// One or two, the first of them `podIP`.
  package var podIPs: IPPair
  package var labels: [String: String]

  /// Milliseconds since 1970.
  package var reservedAt: Int64

  /// Milliseconds since 1970; nil for a reservation without a lease.
  package var expiresAt: Int64?

  /// The reservation's generation.
  package var revision: UInt64

  package init(
    node: String, namespace: String, name: String, uid: String?, containerID: String?,
    interface: String, network: String, podIPs: IPPair, labels: [String: String],
    reservedAt: Int64, expiresAt: Int64?, revision: UInt64
  ) {
    self.node = node
    self.namespace = namespace
    self.name = name
    self.uid = uid
    self.containerID = containerID
    self.interface = interface
    self.network = network
    self.podIPs = podIPs
    self.labels = labels
    self.reservedAt = reservedAt
    self.expiresAt = expiresAt
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("node", node)
    writer.member("namespace", namespace)
    writer.member("name", name)
    writer.member("uid", uid)
    writer.member("containerID", containerID)
    writer.member("interface", interface)
    writer.member("network", network)
    writer.member("podIP", podIPs.first)
    writer.name("podIPs")
    writer.beginArray()
    for position in 0..<podIPs.count { writer.value(podIPs[position]) }
    writer.endArray()
    writer.name("ipFamilies")
    writer.beginArray()
    for position in 0..<podIPs.count { writer.value(podIPs[position].family.name) }
    writer.endArray()
    writer.member("labels", labels)
    writer.member("reservedAt", time: reservedAt)
    writer.member("expiresAt", time: expiresAt)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue { Schema.ref("Pod") }

  /// What `components/schemas/Pod` holds.
  static let definition = Schema.object([
    .required("node", Schema.name, "The node that the addresses belong to."),
    .required("namespace", Schema.name, "The pod's namespace."),
    .required("name", Schema.name, "The pod's name."),
    .optional("uid", Schema.name, "As given at the reserve."),
    .optional("containerID", Schema.name, "As given at the reserve."),
    .required("interface", Schema.name, "The interface in the pod."),
    .required("network", Schema.name, "The network."),
    .required("podIP", Schema.address, "The first of podIPs."),
    .required("podIPs", Schema.list(Schema.address, atMost: 2), "One per family, in order."),
    .required("ipFamilies", Schema.families, "As podIPs."),
    .optional("labels", Schema.labels, "As given last."),
    .required("reservedAt", Schema.time, "When it was reserved."),
    .optional("expiresAt", Schema.time, "When its lease ends."),
    .required("revision", Schema.revision, "The reservation's generation."),
  ])
}
