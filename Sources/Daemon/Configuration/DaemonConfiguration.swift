package import Addressing
package import Allocation
package import LineProtocol
package import Logging
package import Transport

/// How a daemon is set up: checked as a whole, so that whoever holds one may rely on it.
package struct DaemonConfiguration: Sendable {
  package var ledgerPath: String

  /// Where to listen, besides inherited sockets; empty only when sockets are inherited.
  package var endpoints: [Endpoint]

  /// Whether systemd handed sockets to this process.
  package var inheritsSockets: Bool

  /// Where metrics are served; nil: nowhere.
  ///
  /// On any address: they name ranges and counts, and nobody's objects.
  package var metricsEndpoint: Endpoint?
  package var cluster: ClusterConfiguration

  /// What pods reach under their own addresses, besides the cluster.
  package var nonMasqueradeCIDRs: [CIDR]
  package var limits: ProtocolLimits

  /// Which records of the ledger are kept.
  package var retention: LedgerRetention

  /// Whether plain TCP may leave the loopback interface.
  package var allowsInsecureTCP: Bool

  /// Who may do what, besides root and the daemon's own user.
  package var access: [AccessRule]

  /// What TLS listeners prove themselves with; nil: there are none.
  package var tls: TLSFiles?

  /// What one connection, or one peer, may take from the daemon.
  package var connections: ConnectionLimits
  package var logLevel: Logger.Level

  /// What `--check-config` says about a configuration without mistakes.
  package var summary: String {
    var parts = ["ledger \(ledgerPath)"]
    let sockets = endpoints.map { "\($0)" } + (inheritsSockets ? ["inherited sockets"] : [])
    parts.append("listening on \(sockets.joined(separator: ", "))")
    parts.append("Service ranges \(Self.list(cluster.serviceRanges))")
    parts.append("cluster CIDRs \(Self.list(cluster.clusterCIDRs))")
    return "ipledgerd: the configuration is good: " + parts.joined(separator: "; ")
  }

  private static func list(_ blocks: [CIDR]) -> String {
    blocks.isEmpty ? "none" : blocks.map(\.description).joined(separator: ",")
  }
}
