import FaultKit
import Testing

/// What is refused for its shape, before any cluster is looked at (semantics §3, §4.1, §4.3).
@Suite(.ownThreads) struct ServiceShapeTests {
  private static let four = Cluster.staticAddress(.ipv4, 5)
  private static let six = Cluster.staticAddress(.ipv6, 5)

  @Test(arguments: Cluster.allCases)
  func `misshapen address fields are refused with every finding`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    try bench.run("service.reserve", Self.addressRows + Self.familyRows)
  }

  @Test(arguments: [Cluster.dualIPv4First, .ipv6])
  func `types refuse the fields that they have no use for`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    try bench.run("service.reserve", Self.typeRows)
  }

  @Test func `addresses are read strictly and compared as numbers`() throws {
    let bench = try ServiceBench(.dualIPv4First)
    let bad = [
      "10.96.0.05", "10.96.5", "10.96.0.256", "0x0a.96.0.5", "::ffff:10.96.0.5", "fe80::1%eth0",
      "fd00:10:96:::5", "10.96.0.5/32", "10.96.0.5 ", "localhost", "none",
    ]
    let rows = bad.map { text in
      ServiceCase(text, ["clusterIP": .string(text)], .invalid([ServiceCause.address(0)]))
    }
    try bench.run("service.reserve", rows)
    let spelled = try bench.send(
      "service.reserve", "spelled", ["clusterIP": "FD00:0010:0096:0:0:0:0:000A"])
    #expect(spelled.result?["spec"]?["clusterIP"] == "fd00:10:96::a")
    #expect(spelled.result?["spec"]?["clusterIPs"] == ["fd00:10:96::a"])
    let taken = try bench.send("service.reserve", "again", ["clusterIP": "fd00:10:96::a"])
    #expect(taken.reason == "AlreadyReserved", "\(taken)")
  }

  private static let addressRows: [ServiceCase] = [
    ServiceCase(
      "plural alone", ["clusterIPs": [.string(four)]], .invalid(["spec.clusterIPs Invalid"])),
    ServiceCase(
      "singular is not the first of the plural",
      ["clusterIP": .string(four), "clusterIPs": ["10.96.0.6"]],
      .invalid(["spec.clusterIPs Invalid"])),
    ServiceCase(
      "no address", ServiceAxis.spec(ips: ["bogus"]), .invalid(["spec.clusterIPs[0] Invalid"])),
    ServiceCase(
      "an empty string beside an address, singular empty", ["clusterIPs": ["", .string(six)]],
      .invalid(["spec.clusterIPs Invalid", "spec.clusterIPs[0] Invalid"])),
    ServiceCase(
      "None and more", ServiceAxis.spec(ips: ["None", four]),
      .invalid(["spec.clusterIPs Invalid"])),
    ServiceCase(
      "None second", ServiceAxis.spec(ips: [four, "None"]),
      .invalid(["spec.clusterIPs[1] Invalid"])),
    ServiceCase(
      "two bad ones", ServiceAxis.spec(ips: ["x", "y"]),
      .invalid(["spec.clusterIPs[0] Invalid", "spec.clusterIPs[1] Invalid"])),
    ServiceCase(
      "two of a family", ServiceAxis.spec(ips: [four, "10.96.0.6"]),
      .invalid(["spec.clusterIPs Invalid"])),
    ServiceCase(
      "the same twice", ServiceAxis.spec(ips: [six, six]), .invalid(["spec.clusterIPs Invalid"])),
    ServiceCase(
      "three", ServiceAxis.spec(ips: [four, six, "10.96.0.6"]),
      .invalid(["spec.clusterIPs Invalid"])),
    ServiceCase(
      "two of a family, and the first of another than listed",
      ServiceAxis.spec(families: [.ipv4, .ipv6], ips: [six, "fd00:10:96::6"]),
      .invalid(["spec.clusterIPs Invalid", "spec.clusterIPs[0] Invalid"])),
    ServiceCase(
      "families crosswise", ServiceAxis.spec(families: [.ipv4, .ipv6], ips: [six, four]),
      .invalid(["spec.clusterIPs[0] Invalid", "spec.clusterIPs[1] Invalid"])),
  ]

  private static let familyRows: [ServiceCase] = [
    ServiceCase(
      "a family that is none", ["ipFamilies": ["IPv5"]],
      .invalid(["spec.ipFamilies[0] NotSupported"])),
    ServiceCase(
      "lower case", ["ipFamilies": ["ipv4"]], .invalid(["spec.ipFamilies[0] NotSupported"])),
    ServiceCase(
      "a family twice", ["ipFamilies": ["IPv6", "IPv6"]],
      .invalid(["spec.ipFamilies[1] Duplicate"])),
    ServiceCase(
      "a third family", ["ipFamilies": ["IPv4", "IPv6", "IPv4"]],
      .invalid(["spec.ipFamilies[2] Duplicate"])),
    ServiceCase(
      "a policy that is none", ["ipFamilyPolicy": "DualStack"],
      .invalid(["spec.ipFamilyPolicy NotSupported"])),
    ServiceCase(
      "everything at once",
      [
        "ipFamilies": ["IPv4", "IPv4", "IPX"], "ipFamilyPolicy": "Any",
        "clusterIPs": [.string(four), "x"],
      ],
      .invalid([
        "spec.ipFamilies[1] Duplicate", "spec.ipFamilies[2] NotSupported",
        "spec.ipFamilyPolicy NotSupported", "spec.clusterIPs Invalid",
        "spec.clusterIPs[1] Invalid",
      ])),
    ServiceCase(
      "also when headless",
      ["clusterIP": "None", "ipFamilies": ["IPv6", "IPv6"], "ipFamilyPolicy": "None"],
      .invalid(["spec.ipFamilies[1] Duplicate", "spec.ipFamilyPolicy NotSupported"])),
  ]

  private static let typeRows: [ServiceCase] = [
    ServiceCase("no such type", ["type": "Cluster"], .invalid(["spec.type NotSupported"])),
    ServiceCase(
      "headless NodePort", ["type": "NodePort", "clusterIP": "None"],
      .invalidAtLeast(["spec.clusterIPs[0] Invalid"])),
    ServiceCase(
      "headless LoadBalancer",
      ["type": "LoadBalancer", "clusterIP": "None", "selector": ["a": "b"]],
      .invalidAtLeast(["spec.clusterIPs[0] Invalid"])),
    ServiceCase(
      "ExternalName without a name", ["type": "ExternalName"],
      .invalid(["spec.externalName Required"])),
    ServiceCase(
      "ExternalName with a bad name", ["type": "ExternalName", "externalName": "not a name!"],
      .invalid(["spec.externalName Invalid"])),
    ServiceCase(
      "ExternalName with everything",
      [
        "type": "ExternalName", "externalName": "db.example.com", "clusterIP": .string(six),
        "clusterIPs": [.string(six)], "ipFamilies": ["IPv6"], "ipFamilyPolicy": "SingleStack",
      ],
      .invalid([
        "spec.clusterIPs Forbidden", "spec.ipFamilies Forbidden",
        "spec.ipFamilyPolicy Forbidden",
      ])),
    ServiceCase(
      "fields of other JSON types",
      ["type": 5, "clusterIP": 1, "clusterIPs": "x", "ipFamilies": "IPv4", "selector": [1]],
      .invalid([
        "spec.type Invalid", "spec.clusterIP Invalid", "spec.clusterIPs Invalid",
        "spec.ipFamilies Invalid", "spec.selector Invalid",
      ])),
    ServiceCase(
      "unknown fields", ["clusterIp": "10.96.0.5", "ipfamilies": []],
      .invalid(["spec.clusterIp Unknown", "spec.ipfamilies Unknown"])),
  ]
}
