import Addressing
import Policy
import Testing

@Suite struct NodePolicyTests {
  /// The clusters' CIDR families stand for the Service families of `ClusterKind` here.
  @Test(
    arguments: [
      (ClusterKind.dual46, nil, []), (.v4, nil, []), (.none, nil, ["podCIDRs Required"]),
      (.none, [], ["podCIDRs Required"]), (.dual46, [], []),
      (.dual46, ["10.1.0.0/24", "fd00:1::/64"], []),
      (.dual46, ["fd00:1::/64", "10.1.0.0/24"], ["podCIDRs Invalid"]),
      (.dual64, ["fd00:1::/64", "10.1.0.0/24"], []),
      (.dual64, ["10.1.0.0/24", "fd00:1::/64"], ["podCIDRs Invalid"]),
      (.dual46, ["10.1.0.0/24"], []), (.dual46, ["fd00:1::/64"], []),
      (.dual64, ["10.1.0.0/30"], []),
      (.v4, ["10.1.0.0/24"], []), (.v4, ["fd00:1::/64"], ["podCIDRs[0] Invalid"]),
      (.v4, ["10.1.0.0/24", "fd00:1::/64"], ["podCIDRs[1] Invalid"]),
      (.v6, ["10.1.0.0/24", "fd00:1::/64"], ["podCIDRs[0] Invalid"]),
      (.none, ["10.1.0.0/24", "fd00:1::/64"], []), (.none, ["fd00:1::/64", "10.1.0.0/24"], []),
      (.none, ["10.1.0.0/24", "10.1.0.0/24"], ["podCIDRs[1] Duplicate"]),
      (.dual46, ["10.1.0.0/24", "10.1.0.0/24"], ["podCIDRs[1] Duplicate"]),
      (.dual46, ["10.1.0.0/24", "10.1.1.0/24"], ["podCIDRs[1] Invalid"]),
      (.dual46, ["10.1.0.0/24", "fd00:1::/64", "10.1.1.0/24"], ["podCIDRs[2] Invalid"]),
      (
        .v6, ["10.1.0.0/24", "10.1.0.0/24"],
        ["podCIDRs[1] Duplicate", "podCIDRs[0] Invalid", "podCIDRs[1] Invalid"]
      ),
    ] as [(ClusterKind, [String]?, [String])])
  func `a node has one block of each family, in the cluster's order`(
    cluster: ClusterKind, blocks: [String]?, expected: [String]
  ) {
    #expect(causes(cluster, podCIDRs: blocks) == expected)
  }

  @Test(
    arguments: [
      ([], []), (["192.0.2.10"], []), (["2001:db8::10", "192.0.2.10"], []),
      (["192.0.2.10", "192.0.2.10"], ["nodeIPs[1] Duplicate"]),
      (["192.0.2.10", "192.0.2.11"], ["nodeIPs[1] Invalid"]),
      (["192.0.2.10", "2001:db8::10", "2001:db8::11"], ["nodeIPs[2] Invalid"]),
    ] as [([String], [String])])
  func `a node has one address of each family`(addresses: [String], expected: [String]) {
    #expect(causes(.v4, nodeIPs: addresses) == expected)
  }

  @Test(arguments: [
    (ClusterKind.v4, true, true, []), (.v4, true, false, []),
    (.v6, true, false, ["os NotSupported"]), (.v6, true, true, ["os NotSupported"]),
    (.dual46, true, true, ["networkMode NotSupported"]), (.dual46, true, false, []),
    (.dual64, true, true, ["networkMode NotSupported"]), (.dual64, true, false, []),
    (.v6, false, false, []), (.dual46, false, true, []), (.none, true, true, []),
  ])
  func `Windows needs IPv4, and l2bridge for two families`(
    cluster: ClusterKind, isWindows: Bool, isOverlay: Bool, expected: [String]
  ) {
    let blocks = cluster == .none ? ["10.1.0.0/24"] : nil
    #expect(
      causes(cluster, podCIDRs: blocks, isWindows: isWindows, isOverlay: isOverlay) == expected)
  }

  @Test func `all findings come at once`() {
    let found = causes(
      .v6, podCIDRs: ["10.1.0.0/24"], nodeIPs: ["::1", "::1"], isWindows: true)
    #expect(found == ["nodeIPs[1] Duplicate", "podCIDRs[0] Invalid", "os NotSupported"])
  }

  private func causes(
    _ cluster: ClusterKind, podCIDRs: [String]? = nil, nodeIPs: [String] = [],
    isWindows: Bool = false, isOverlay: Bool = false
  ) -> [String] {
    NodePolicy.causes(
      podCIDRs: podCIDRs?.compactMap { CIDR($0) }, nodeIPs: nodeIPs.compactMap { IPAddress($0) },
      isWindows: isWindows, isOverlay: isOverlay, clusterFamilies: cluster.families
    ).map { "\($0.field) \($0.reason.rawValue)" }
  }
}
