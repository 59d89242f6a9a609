import FaultKit
import Testing

/// Kubernetes' tables for switching stacks, row by row through the socket (semantics §4.4, §5).
@Suite(.ownThreads) struct ServiceUpdateTableTests {
  @Test(arguments: Cluster.dual)
  func `one family becomes two as the table says`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    for first in Family.allCases { try bench.run(StackSwitchTable(first).singleToDual) }
  }

  @Test(arguments: Cluster.dual)
  func `two families become one as the table says`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    for first in Family.allCases {
      for stored in ServiceAxis.dualPolicies {
        try bench.run(StackSwitchTable(first).dualToSingle(stored: stored))
      }
    }
  }

  @Test(arguments: Cluster.dual)
  func `a headless Service switches as the table says`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    try bench.run(HeadlessSwitchTable(cluster.primary).rows)
  }

  @Test(arguments: Cluster.single)
  func `a cluster of one family has no second one to give`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    let stored = ServiceAxis.spec(policy: "SingleStack")
    try bench.run([
      ServiceUpdateCase(
        "SingleStack to RequireDualStack", stored: stored,
        update: ServiceAxis.spec(policy: "RequireDualStack"), .invalid([ServiceCause.policy])),
      ServiceUpdateCase(
        "SingleStack to PreferDualStack", stored: stored,
        update: ServiceAxis.spec(policy: "PreferDualStack"),
        .granted("PreferDualStack", [cluster.primary]), kept: 1),
      ServiceUpdateCase(
        "PreferDualStack, written back", stored: ServiceAxis.spec(policy: "PreferDualStack"),
        update: ServiceAxis.spec(policy: "PreferDualStack"),
        .granted("PreferDualStack", [cluster.primary]), kept: 1),
    ])
  }

  @Test func `the second address of an update can be taken`() throws {
    let bench = try ServiceBench(.dualIPv4First)
    let taken = Cluster.staticAddress(.ipv6, 20)
    _ = try bench.send("service.reserve", "holder", ["clusterIP": .string(taken)])
    let four = Cluster.staticAddress(.ipv4, 20)
    try bench.run([
      ServiceUpdateCase(
        "a second address that another holds", stored: ServiceAxis.spec(ips: [four]),
        update: ServiceAxis.spec(policy: "RequireDualStack", ips: [four, taken]),
        .refused(-32002, "AlreadyReserved", fields: ["spec.clusterIPs"]))
    ])
  }

  @Test func `what stands cannot be changed for another address`() throws {
    let bench = try ServiceBench(.dualIPv4First)
    let one = Cluster.staticAddress(.ipv4, 30)
    let other = Cluster.staticAddress(.ipv4, 31)
    let pair = [one, Cluster.staticAddress(.ipv6, 30)]
    try bench.run([
      ServiceUpdateCase(
        "another first address", stored: ServiceAxis.spec(ips: [one]),
        update: ServiceAxis.spec(ips: [other]), .invalid([ServiceCause.address(0)])),
      ServiceUpdateCase(
        "another second address",
        stored: ServiceAxis.spec(policy: "RequireDualStack", ips: pair),
        update: ServiceAxis.spec(
          policy: "RequireDualStack", ips: [one, Cluster.staticAddress(.ipv6, 31)]),
        .invalid([ServiceCause.address(1)])),
      ServiceUpdateCase(
        "singular changed alone", stored: ServiceAxis.spec(ips: [one]),
        update: ["clusterIP": .string(other)], .invalid(["spec.clusterIPs Required"])),
      ServiceUpdateCase(
        "singular changed, plural as stored", stored: ServiceAxis.spec(ips: [one]),
        update: ["clusterIP": .string(other), "clusterIPs": [.string(one)]],
        .invalid([ServiceCause.address(0)])),
      ServiceUpdateCase(
        "plural cleared, singular as stored",
        stored: ServiceAxis.spec(policy: "RequireDualStack", ips: pair),
        update: ["clusterIP": .string(one)],
        .granted("RequireDualStack", [.ipv4, .ipv6]), kept: 2),
    ])
  }
}
