import FaultKit
import Testing

/// Kubernetes' create tables, row by row through the socket (semantics §2 to §4).
@Suite(.ownThreads) struct ServiceCreateTableTests {
  private static let selector: JSON = ["app": "web"]

  @Test(arguments: Cluster.allCases)
  func `policy and families of a headful Service follow the table`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    for type in [nil, "ClusterIP", "NodePort", "LoadBalancer"] {
      try bench.run("service.reserve", Self.families(cluster, type: type, .headful))
    }
  }

  @Test(arguments: Cluster.allCases)
  func `policy and families of a headless Service follow the tables`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    try bench.run("service.reserve", Self.families(cluster, type: nil, .headless))
    for selector: JSON? in [nil, [:]] {
      try bench.run("service.reserve", Self.selectorless(cluster, selector))
    }
  }

  @Test(arguments: Cluster.allCases)
  func `cluster IPs named by the user bring their families`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    try bench.run("service.reserve", Self.named(cluster))
    try bench.run("service.reserve", Self.namedInSingularAlone(cluster))
  }

  @Test(arguments: Cluster.dual)
  func `a Service holds the addresses that it named`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    for first in Family.allCases {
      let one = Cluster.staticAddress(first, 40)
      let two = Cluster.staticAddress(first.other, 41)
      let spec = ServiceAxis.spec(policy: "RequireDualStack", ips: [one])
      let half = try bench.send("service.reserve", "half", spec)
      #expect(half.result?["spec"]?["clusterIPs"]?[0]?.text == one, "\(half)")
      try bench.release("half")
      let both = try bench.send(
        "service.reserve", "both", ServiceAxis.spec(policy: "PreferDualStack", ips: [one, two]))
      #expect(both.result?["spec"]?["clusterIPs"]?.strings == [one, two], "\(both)")
      try bench.release("both")
    }
  }

  @Test(arguments: Cluster.allCases)
  func `each kind of Service has its defaults`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    let primary = cluster.primary
    let external: JSON = ["type": "ExternalName", "externalName": "db.example.com."]
    let rows: [ServiceCase] = [
      ServiceCase("an empty spec", [:], .granted("SingleStack", [primary])),
      ServiceCase(
        "headless, selector", ["clusterIP": "None", "selector": Self.selector],
        .granted("SingleStack", [primary], .headless)),
      ServiceCase(
        "headless, no selector", ["clusterIP": "None"],
        .granted("RequireDualStack", [primary, primary.other], .headless)),
      ServiceCase("ExternalName", external, .external),
      ServiceCase(
        "every other field is taken", Self.otherFields, .granted("SingleStack", [primary])),
    ]
    try bench.run("service.reserve", rows)
  }

  private static let otherFields: JSON = [
    "ports": [["port": 80, "nodePort": 30_080]], "sessionAffinity": "ClientIP",
    "sessionAffinityConfig": [:], "externalIPs": ["192.0.2.1"], "externalTrafficPolicy": "Local",
    "internalTrafficPolicy": "Cluster", "healthCheckNodePort": 30_000,
    "publishNotReadyAddresses": true, "loadBalancerSourceRanges": [],
    "allocateLoadBalancerNodePorts": false, "trafficDistribution": "PreferClose",
  ]

  private static func families(
    _ cluster: Cluster, type: String?, _ addresses: ServiceAddresses
  ) -> [ServiceCase] {
    var rows: [ServiceCase] = []
    let isHeadless = if case .headless = addresses { true } else { false }
    for policy in ServiceAxis.policies {
      for families in ServiceAxis.families(cluster.primary) {
        let spec = ServiceAxis.spec(
          type: type, policy: policy, families: families, ips: isHeadless ? ["None"] : nil,
          selector: isHeadless ? selector : nil)
        let what = "\(addresses) \(type ?? "—") \(policy ?? "—") \(families ?? [])"
        let expected = ServiceFamilyTable.expected(cluster, policy, families, addresses)
        rows.append(ServiceCase(what, spec, expected))
      }
    }
    return rows
  }

  private static func selectorless(_ cluster: Cluster, _ selector: JSON?) -> [ServiceCase] {
    ServiceAxis.policies.flatMap { policy in
      ServiceAxis.families(cluster.primary).map { families in
        let spec = ServiceAxis.spec(
          policy: policy, families: families, ips: ["None"], selector: selector)
        return ServiceCase(
          "no selector, \(policy ?? "—") \(families ?? [])", spec,
          ServiceFamilyTable.selectorless(cluster, policy, families))
      }
    }
  }

  private static func named(_ cluster: Cluster) -> [ServiceCase] {
    var rows: [ServiceCase] = []
    for first in Family.allCases {
      for ips in [[first], [first, first.other]] {
        for policy in ServiceAxis.policies {
          for families in ServiceAxis.families(first) {
            let expected =
              cluster.isDual
              ? ServiceFamilyTable.named(policy, families, ips)
              : ServiceFamilyTable.namedOnSingle(cluster.primary, policy, families, ips)
            let texts = ips.map { Cluster.staticAddress($0, 7) }
            rows.append(
              ServiceCase(
                "IPs of \(ips), \(policy ?? "—") \(families ?? [])",
                ServiceAxis.spec(policy: policy, families: families, ips: texts), expected))
          }
        }
      }
    }
    return rows
  }

  /// The plural form is filled from the singular one.
  private static func namedInSingularAlone(_ cluster: Cluster) -> [ServiceCase] {
    cluster.families.map { family in
      ServiceCase(
        "singular alone, \(family)", ["clusterIP": .string(Cluster.staticAddress(family, 9))],
        .granted("SingleStack", [family]))
    }
  }
}
