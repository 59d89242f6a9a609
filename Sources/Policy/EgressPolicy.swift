package import Addressing

/// Which traffic of pods leaves the cluster under the node's address: that to anywhere outside.
package struct EgressPolicy: Sendable, Equatable {
  /// Where pods have their addresses: the cluster CIDRs, and nodes' blocks outside of them.
  package var podCIDRs: [CIDR]
  package var serviceRanges: [CIDR]
  package var nodeAddresses: [IPAddress]

  /// What an operator names besides.
  package var nonMasqueradeCIDRs: [CIDR]

  package init(
    podCIDRs: [CIDR], serviceRanges: [CIDR], nodeAddresses: [IPAddress],
    nonMasqueradeCIDRs: [CIDR]
  ) {
    self.podCIDRs = podCIDRs
    self.serviceRanges = serviceRanges
    self.nodeAddresses = nodeAddresses
    self.nonMasqueradeCIDRs = nonMasqueradeCIDRs
  }

  /// Whether a packet is masqueraded, and why, in a sentence for a person.
  package struct Verdict: Sendable, Equatable {
    package let masquerade: Bool
    package let because: String
  }

  /// - Precondition: both addresses are of one family.
  package func classify(source: IPAddress, destination: IPAddress) -> Verdict {
    precondition(source.family == destination.family, "a packet has one family")
    guard podCIDRs.contains(where: { $0.contains(source) }) else {
      return Verdict(masquerade: false, because: "\(source) is no pod's address")
    }
    if let range = direct(destination.family).first(where: { $0.cidr.contains(destination) }) {
      return Verdict(
        masquerade: false, because: "\(destination) is in \(range.cidr), \(range.what)")
    }
    return Verdict(masquerade: true, because: "\(destination) is outside the cluster")
  }

  /// A destination that pods reach under their own addresses.
  package struct Direct: Sendable, Equatable {
    package let cidr: CIDR
    package let what: String
  }

  /// All of them, those that are named by a standard last.
  package func direct(_ family: IPFamily) -> [Direct] {
    let configured =
      podCIDRs.map { Direct(cidr: $0, what: "where pods are") }
      + serviceRanges.map { Direct(cidr: $0, what: "a Service range") }
      + nodeAddresses.compactMap { address in
        CIDR(base: address, prefixLength: address.family.bitWidth).map {
          Direct(cidr: $0, what: "a node's address")
        }
      } + nonMasqueradeCIDRs.map { Direct(cidr: $0, what: "of nonMasqueradeCIDRs") }
    return (configured + Self.standard).filter { $0.cidr.family == family }
  }

  /// What no router carries beyond the link (RFC 1122 §3.2.1.3, RFC 3927, RFC 5771, RFC 4291 §2.4).
  private static let standard: [Direct] = [
    ("169.254.0.0/16", "link-local"), ("127.0.0.0/8", "loopback"), ("224.0.0.0/4", "multicast"),
    ("255.255.255.255/32", "broadcast"), ("fe80::/10", "link-local"), ("::1/128", "loopback"),
    ("ff00::/8", "multicast"),
  ].compactMap { text, what in CIDR(text).map { Direct(cidr: $0, what: what) } }
}
