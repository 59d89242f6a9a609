package import Addressing

/// Addresses of a network other than the nodes' own.
package struct PoolConfiguration: Sendable, Equatable {
  /// What pods name as their `network`.
  package var name: String

  /// One, or one of each family; the first is primary.
  package var cidrs: [CIDR]

  package init(name: String, cidrs: [CIDR]) {
    self.name = name
    self.cidrs = cidrs
  }
}

/// The address ranges of a cluster, as configured; validated before it gets here.
package struct ClusterConfiguration: Sendable {
  /// None, one, or one of each family; the first is primary.
  package var serviceRanges: [CIDR]
  package var clusterCIDRs: [CIDR]
  package var pools: [PoolConfiguration] = []

  /// Where Services of type LoadBalancer get their ingress addresses from.
  package var loadBalancerRanges: [CIDR] = []
  package var nodePrefixLengthIPv4: Int
  package var nodePrefixLengthIPv6: Int
  package var reservesGateway: Bool
  package var quarantineSeconds: Int
  package var isQuarantineStrict: Bool

  /// How long the addresses of a sticky pod are kept after their release; 0: for ever.
  package var stickySeconds: Int

  package init(
    serviceRanges: [CIDR] = [], clusterCIDRs: [CIDR] = [], nodePrefixLengthIPv4: Int = 24,
    nodePrefixLengthIPv6: Int = 64, reservesGateway: Bool = true, quarantineSeconds: Int = 30,
    isQuarantineStrict: Bool = false, stickySeconds: Int = 0
  ) {
    self.serviceRanges = serviceRanges
    self.clusterCIDRs = clusterCIDRs
    self.nodePrefixLengthIPv4 = nodePrefixLengthIPv4
    self.nodePrefixLengthIPv6 = nodePrefixLengthIPv6
    self.reservesGateway = reservesGateway
    self.quarantineSeconds = quarantineSeconds
    self.isQuarantineStrict = isQuarantineStrict
    self.stickySeconds = stickySeconds
  }

  package func nodePrefixLength(_ family: IPFamily) -> Int {
    switch family {
    case .ipv4: nodePrefixLengthIPv4
    case .ipv6: nodePrefixLengthIPv6
    }
  }
}

/// The two clocks that the engine goes by.
package protocol LedgerClock: Sendable {
  /// Milliseconds since 1970; may jump.
  func wallMilliseconds() -> Int64

  /// Nanoseconds since some start; never jumps.
  func monotonicNanoseconds() -> Int64
}

extension LedgerClock {
  package func monotonicMilliseconds() -> Int64 { monotonicNanoseconds() / 1_000_000 }
}
