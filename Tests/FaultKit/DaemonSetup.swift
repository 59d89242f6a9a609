/// What a daemon of a test is started with.
package struct DaemonSetup: Sendable {
  package var serviceRange: String?
  package var clusterCIDR: String?
  package var masks: (ipv4: Int?, ipv6: Int?) = (nil, nil)

  /// Lines of the configuration file; with none there is no file.
  package var yaml = ""
  package var flags: [String] = []
  package var environment: [String: String] = [:]

  /// A program and its arguments in front of the daemon: `strace …`, `systemd-socket-activate …`.
  package var wrapper: [String] = []

  /// Whether the flags for the ledger and the Unix socket are given.
  package var namesLedger = true
  package var namesSocket = true

  package init(serviceRange: String? = nil, clusterCIDR: String? = nil) {
    self.serviceRange = serviceRange
    self.clusterCIDR = clusterCIDR
  }

  /// The cluster of the contract's examples: both families, IPv4 first.
  package static let dual = DaemonSetup(
    serviceRange: "10.96.0.0/16,fd00:10:96::/108",
    clusterCIDR: "10.244.0.0/16,fd00:10:244::/56")

  package static let dualIPv6First = DaemonSetup(
    serviceRange: "fd00:10:96::/108,10.96.0.0/16",
    clusterCIDR: "fd00:10:244::/56,10.244.0.0/16")

  package static let ipv4 = DaemonSetup(
    serviceRange: "10.96.0.0/16", clusterCIDR: "10.244.0.0/16")

  package static let ipv6 = DaemonSetup(
    serviceRange: "fd00:10:96::/108", clusterCIDR: "fd00:10:244::/56")

  package func with(_ change: (inout DaemonSetup) -> Void) -> DaemonSetup {
    var copy = self
    change(&copy)
    return copy
  }
}
