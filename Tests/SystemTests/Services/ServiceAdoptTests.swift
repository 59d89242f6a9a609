import FaultKit
import Testing

/// Services from before dual-stack, read as Kubernetes reads them (semantics §10.1).
@Suite(.ownThreads) struct ServiceAdoptTests {
  private static let selector: JSON = ["app": "db"]

  @Test(arguments: Cluster.allCases)
  func `what older Services lack is filled in`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    let primary = cluster.primary
    let address = Cluster.staticAddress(primary, 1)
    try bench.run(
      "service.adopt",
      [
        ServiceCase(
          "singular alone", ["clusterIP": .string(address)],
          .granted("SingleStack", [primary])),
        ServiceCase(
          "both forms", ServiceAxis.spec(ips: [address]), .granted("SingleStack", [primary])),
        ServiceCase(
          "NodePort", ["type": "NodePort", "clusterIP": .string(address)],
          .granted("SingleStack", [primary])),
        ServiceCase(
          "headless, selector", ["clusterIP": "None", "selector": Self.selector],
          .granted("SingleStack", [primary], .headless)),
        ServiceCase(
          "headless, no selector", ["clusterIP": "None"],
          .granted("RequireDualStack", [primary, primary.other], .headless)),
        ServiceCase(
          "policy that is there already",
          ServiceAxis.spec(policy: "PreferDualStack", families: [primary], ips: [address]),
          .granted("PreferDualStack", [primary])),
        ServiceCase(
          "ExternalName", ["type": "ExternalName", "externalName": "db.example.com"], .external),
      ])
  }

  @Test(arguments: Cluster.dual)
  func `families follow the addresses and not the cluster`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    for first in Family.allCases {
      let one = Cluster.staticAddress(first, 2)
      let two = Cluster.staticAddress(first.other, 2)
      try bench.run(
        "service.adopt",
        [
          ServiceCase(
            "one address", ["clusterIP": .string(one)], .granted("SingleStack", [first])),
          ServiceCase(
            "two addresses", ServiceAxis.spec(ips: [one, two]),
            .granted("RequireDualStack", [first, first.other])),
        ])
    }
  }

  @Test func `an adopted address is held`() throws {
    let bench = try ServiceBench(.dualIPv4First)
    let spec: JSON = ["clusterIP": "10.96.0.1"]
    let first = try bench.send("service.adopt", "kubernetes", spec)
    #expect(first.result?["existing"] == false, "\(first)")
    let again = try bench.send("service.adopt", "kubernetes", spec)
    #expect(again.result?["existing"] == true, "\(again)")
    #expect(again.revision == first.revision)
    let taken = try bench.send("service.adopt", "impostor", spec)
    #expect(taken.reason == "AlreadyReserved", "\(taken)")
    #expect(taken.data?["owner"]?["name"] == "kubernetes")
    let outside = try bench.send("service.adopt", "outside", ["clusterIP": "10.98.0.1"])
    #expect(outside.reason == "OutOfRange", "\(outside)")
    let network = try bench.send("service.adopt", "network", ["clusterIP": "10.96.0.0"])
    #expect(network.reason == "OutOfRange", "\(network)")
  }
}
