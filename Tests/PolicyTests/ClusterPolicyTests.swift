import Addressing
import Policy
import Testing

@Suite struct ClusterPolicyTests {
  @Test(
    arguments: [
      ([], []), (["10.96.0.0/16"], []), (["fd00:10:96::/108"], []),
      (["10.96.0.0/16", "fd00:10:96::/108"], []), (["fd00:10:96::/64", "10.96.0.0/12"], []),
      (["10.0.0.0/8"], []), (["0.0.0.0/0"], []), (["10.96.0.0/31"], []), (["10.96.0.1/32"], []),
      (["fd00::/128"], []), (["fd00::/64"], []),
      (["fd00::/63"], ["service Invalid"]), (["::/0"], ["service Invalid"]),
      (["10.96.0.0/16", "fd00::/56"], ["service Invalid"]),
      (["10.96.0.0/16", "10.97.0.0/16"], ["service Invalid"]),
      (["10.96.0.0/16", "10.96.0.0/16"], ["service Invalid"]),
      (["10.96.0.0/16", "fd00::/108", "10.97.0.0/16"], ["service Invalid"]),
      (["fd00::/63", "fd01::/64"], ["service Invalid", "service Invalid"]),
    ] as [([String], [String])])
  func `Service ranges are one, or two of different families`(
    ranges: [String], expected: [String]
  ) {
    #expect(causes(service: ranges) == expected)
  }

  /// Semantics §14.1; a mask that is left out is /24 or /64.
  @Test(
    arguments: [
      ([], nil, nil, []), ([], 24, 64, []), (["10.244.0.0/16"], nil, nil, []),
      (["10.244.0.0/16", "fd00:10:244::/56"], nil, nil, []),
      (["fd00:10:244::/48", "10.244.0.0/16"], 26, 60, []),
      (["10.244.0.0/16", "10.245.0.0/16"], nil, nil, ["cluster Invalid"]),
      (["10.244.0.0/16", "fd00::/56", "fd01::/56"], nil, nil, ["cluster Invalid"]),
      // A mask of a family that is not there.
      (["fd00:10:244::/56"], 24, nil, ["mask4 Invalid"]),
      (["10.244.0.0/16"], nil, 64, ["mask6 Invalid"]),
      (["10.244.0.0/16"], 24, 64, ["mask6 Invalid"]),
      // Cluster against node.
      (["10.244.0.0/24"], nil, nil, []), (["10.244.0.0/24"], 24, nil, []),
      (["10.244.0.0/25"], nil, nil, ["cluster Invalid"]),
      (["10.244.0.0/25"], 24, nil, ["mask4 Invalid"]),
      (["10.244.0.0/25"], 25, nil, []), (["fd00::/65"], nil, nil, ["cluster Invalid"]),
      (["fd00::/64"], nil, 63, ["mask6 Invalid"]), (["fd00::/64"], nil, nil, []),
      (["10.244.0.0/16"], 33, nil, ["mask4 Invalid"]),
      (["fd00::/120"], nil, 129, ["mask6 Invalid"]),
      (["10.244.0.0/16"], -1, nil, ["mask4 Invalid"]),
      // The distance counts for IPv6 only.
      (["10.0.0.0/8"], 32, nil, []), (["0.0.0.0/0"], 32, nil, []),
      (["fd00::/48"], nil, nil, []), (["fd00::/48"], nil, 64, []), (["fd00::/112"], nil, 128, []),
      (["fd00::/47"], nil, nil, ["cluster Invalid"]), (["fd00::/48"], nil, 65, ["mask6 Invalid"]),
      (["fd00::/111"], nil, 128, ["mask6 Invalid"]),
      (["10.244.0.0/25", "fd00::/40"], 24, 64, ["mask4 Invalid", "mask6 Invalid"]),
    ] as [([String], Int?, Int?, [String])])
  func `node blocks fit the cluster CIDRs`(
    ranges: [String], mask4: Int?, mask6: Int?, expected: [String]
  ) {
    #expect(causes(cluster: ranges, mask4: mask4, mask6: mask6) == expected)
  }

  @Test func `a Service range may lie in a cluster CIDR`() {
    #expect(causes(service: ["10.96.0.0/16"], cluster: ["10.0.0.0/8"]).isEmpty)
  }

  @Test func `all findings come at once`() {
    let found = causes(
      service: ["fd00::/40"], cluster: ["10.0.0.0/8", "10.0.0.0/9"], mask4: 7, mask6: 64)
    #expect(
      found == ["service Invalid", "cluster Invalid", "mask4 Invalid", "mask6 Invalid"])
  }

  private func causes(
    service: [String] = [], cluster: [String] = [], mask4: Int? = nil, mask6: Int? = nil
  ) -> [String] {
    ClusterPolicy.causes(
      serviceRanges: service.compactMap { CIDR($0) },
      clusterCIDRs: cluster.compactMap { CIDR($0) }, nodeMaskIPv4: mask4, nodeMaskIPv6: mask6,
      names: ClusterPolicy.Names(
        serviceRanges: "service", clusterCIDRs: "cluster", nodeMaskIPv4: "mask4",
        nodeMaskIPv6: "mask6")
    ).map { "\($0.field) \($0.reason.rawValue)" }
  }
}
