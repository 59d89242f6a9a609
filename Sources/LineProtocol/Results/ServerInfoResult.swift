package import Addressing

/// What `server.info` answers.
package struct ServerInfoResult: MethodResult {
  /// The daemon's.
  package var version: String

  /// Primary family first.
  package var serviceClusterIPRanges: [CIDR]
  package var clusterCIDRs: [CIDR]

  /// Nil for a family without a cluster CIDR.
  package var nodeCIDRMaskSizeIPv4: Int?
  package var nodeCIDRMaskSizeIPv6: Int?
  package var limits: ProtocolLimits
  package var connectionLimits: ConnectionLimitFields

  /// The caller's.
  package var role: Role

  /// The ledger's newest.
  package var revision: UInt64
  package var uptimeSeconds: Int64

  package init(
    version: String, serviceClusterIPRanges: [CIDR], clusterCIDRs: [CIDR],
    nodeCIDRMaskSizeIPv4: Int?, nodeCIDRMaskSizeIPv6: Int?, limits: ProtocolLimits,
    connectionLimits: ConnectionLimitFields = ConnectionLimitFields(), role: Role, revision: UInt64,
    uptimeSeconds: Int64
  ) {
    self.version = version
    self.serviceClusterIPRanges = serviceClusterIPRanges
    self.clusterCIDRs = clusterCIDRs
    self.nodeCIDRMaskSizeIPv4 = nodeCIDRMaskSizeIPv4
    self.nodeCIDRMaskSizeIPv6 = nodeCIDRMaskSizeIPv6
    self.limits = limits
    self.connectionLimits = connectionLimits
    self.role = role
    self.revision = revision
    self.uptimeSeconds = uptimeSeconds
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("version", version)
    writer.member("protocolVersion", ProtocolVersion.text)
    writer.member("serviceClusterIPRanges", serviceClusterIPRanges)
    writer.member("clusterCIDRs", clusterCIDRs)
    writer.name("nodeCIDRMaskSizes")
    writer.beginObject()
    writer.member("IPv4", nodeCIDRMaskSizeIPv4)
    writer.member("IPv6", nodeCIDRMaskSizeIPv6)
    writer.endObject()
    writer.name("limits")
    writer.beginObject()
    writer.member("lineBytes", limits.lineBytes)
    writer.member("depth", limits.depth)
    writer.member("batch", limits.batch)
    writer.member("nameBytes", limits.nameBytes)
    writer.endObject()
    writer.name("connectionLimits")
    writer.beginObject()
    writer.member("connectionsPerPeer", connectionLimits.perPeer)
    writer.member("inFlight", connectionLimits.inFlight)
    writer.member("lineSeconds", connectionLimits.lineSeconds)
    writer.member("writeSeconds", connectionLimits.writeSeconds)
    writer.member("idleSeconds", connectionLimits.idleSeconds)
    writer.endObject()
    writer.member("role", role.name)
    writer.member("revision", revision)
    writer.member("uptimeSeconds", uptimeSeconds)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("version", Schema.text, "The daemon's version."),
      .required("protocolVersion", Schema.text, "The version of this protocol."),
      .required("serviceClusterIPRanges", Schema.list(Schema.cidr), "Primary family first."),
      .required("clusterCIDRs", Schema.list(Schema.cidr), "Primary family first."),
      .required("nodeCIDRMaskSizes", maskSizes, "Prefix lengths of the blocks that nodes get."),
      .required("limits", Schema.ref("Limits"), "What a client has to keep to."),
      .required(
        "connectionLimits", Schema.ref("ConnectionLimits"), "What a connection may take."),
      .required("role", role, "The caller's."),
      .required("revision", Schema.revision, "The ledger's newest."),
      .required("uptimeSeconds", Schema.count, "Seconds since the daemon started."),
    ])
  }

  private static let role = Schema.choice("none", "reader", "allocator", "controller", "admin")

  private static let maskSizes = Schema.object([
    .optional("IPv4", Schema.count, "Absent without an IPv4 cluster CIDR."),
    .optional("IPv6", Schema.count, "Absent without an IPv6 cluster CIDR."),
  ])

  /// What `components/schemas/Limits` holds.
  static let limitsDefinition = Schema.object([
    .required("lineBytes", Schema.count, "Bytes of a line without its newline."),
    .required("depth", Schema.count, "Levels of nesting; the outermost value is 1."),
    .required("batch", Schema.count, "Requests of a batch."),
    .required("nameBytes", Schema.count, "Bytes of a name."),
  ])

  /// What `components/schemas/ConnectionLimits` holds.
  static let connectionLimitsDefinition = Schema.object([
    .optional("connectionsPerPeer", Schema.count, "Of one user or address; absent: any number."),
    .required("inFlight", Schema.count, "Requests of a connection that wait for the disk."),
    .required("lineSeconds", Schema.count, "In which a line that has begun must end."),
    .required("writeSeconds", Schema.count, "In which some of what waits must be taken."),
    .optional("idleSeconds", Schema.count, "Without a line or a watch; absent: for ever."),
  ])
}
