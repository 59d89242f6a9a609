package import Addressing

/// What is known of a node: the members that its answers and its list items share.
package struct NodeFields: Sendable, Hashable {
  package var name: String

  /// One or two, the first of them `podCIDR`.
  package var podCIDRs: [CIDR]

  /// The node's own addresses in order.
  package var nodeIPs: [IPAddress]
  package var os: NodeRegisterParams.OperatingSystem
  package var networkMode: NodeRegisterParams.NetworkMode?

  package init(
    name: String, podCIDRs: [CIDR], nodeIPs: [IPAddress],
    os: NodeRegisterParams.OperatingSystem, networkMode: NodeRegisterParams.NetworkMode?
  ) {
    self.name = name
    self.podCIDRs = podCIDRs
    self.nodeIPs = nodeIPs
    self.os = os
    self.networkMode = networkMode
  }

  func append(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.member("podCIDR", podCIDRs.first)
    writer.member("podCIDRs", podCIDRs)
    if !nodeIPs.isEmpty { writer.member("nodeIPs", nodeIPs) }
    writer.member("os", os.rawValue)
    writer.member("networkMode", networkMode?.rawValue)
  }

  static let members: [SchemaMember] = [
    .required("name", Schema.name, "The node's name."),
    .required("podCIDR", Schema.cidr, "The first of podCIDRs."),
    .required("podCIDRs", Schema.list(Schema.cidr, atMost: 2), "In the cluster's family order."),
    .optional("nodeIPs", Schema.list(Schema.address, atMost: 2), "The node's own addresses."),
    .required("os", Schema.choice("linux", "windows"), "The node's operating system."),
    .optional("networkMode", Schema.choice("l2bridge", "overlay"), "Of a Windows node."),
  ]
}

/// What `node.register` answers.
package struct NodeRegisterResult: MethodResult {
  package var node: NodeFields

  /// Whether the node had these blocks already.
  package var existing: Bool

  /// The registration's generation.
  package var revision: UInt64

  package init(node: NodeFields, existing: Bool, revision: UInt64) {
    self.node = node
    self.existing = existing
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    node.append(to: &writer)
    writer.member("existing", existing)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object(
      NodeFields.members + [
        .required("existing", Schema.flag, "Whether the node had these blocks already."),
        .required("revision", Schema.revision, "The registration's generation."),
      ])
  }
}

/// A node as `node.get` and `node.list` show it.
package struct NodeItem: MethodResult {
  package var node: NodeFields

  /// Milliseconds since 1970.
  package var reservedAt: Int64

  /// The registration's generation.
  package var revision: UInt64

  package init(node: NodeFields, reservedAt: Int64, revision: UInt64) {
    self.node = node
    self.reservedAt = reservedAt
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    node.append(to: &writer)
    writer.member("reservedAt", time: reservedAt)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue { Schema.ref("Node") }

  /// What `components/schemas/Node` holds.
  static let definition = Schema.object(
    NodeFields.members + [
      .required("reservedAt", Schema.time, "When it was registered."),
      .required("revision", Schema.revision, "The registration's generation."),
    ])
}

/// What `node.release` answers.
package struct NodeReleaseResult: MethodResult {
  /// The blocks that were the node's until now; empty when nothing was.
  package var released: [CIDR]

  /// The pods released with them; nil unless that was asked for by `force`.
  package var releasedPods: [PodItem]?

  /// That of the last record, or the ledger's newest when there is none.
  package var revision: UInt64

  package init(released: [CIDR], releasedPods: [PodItem]?, revision: UInt64) {
    self.released = released
    self.releasedPods = releasedPods
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("released", released)
    if let releasedPods {
      writer.name("releasedPods")
      writer.beginArray()
      for pod in releasedPods { pod.append(to: &writer) }
      writer.endArray()
    }
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("released", Schema.list(Schema.cidr), "The blocks that were the node's."),
      .optional("releasedPods", Schema.list(PodItem.schema), "With force: the pods released."),
      .required("revision", Schema.revision, "That of the last record written."),
    ])
  }
}
