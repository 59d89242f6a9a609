import FaultKit
import Testing

/// Service addresses and their ranges: by name, by turn, and when there are none left
/// (semantics §3, §8).
@Suite(.ownThreads) struct ServiceRangeTests {
  @Test(arguments: Cluster.dual)
  func `addresses that are taken or do not fit are told apart`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    for (index, family) in cluster.families.enumerated() {
      let held = Cluster.staticAddress(family, 50)
      _ = try bench.send("service.reserve", "holder-\(index)", ["clusterIP": .string(held)])
      let taken = try bench.send("service.reserve", "other", ["clusterIP": .string(held)])
      #expect(taken.code == -32002, "\(taken)")
      #expect(taken.data?["ip"]?.text == held)
      #expect(
        taken.data?["owner"]
          == ["kind": "Service", "namespace": "t", "name": "holder-\(index)"])
    }
    let outside = [
      "10.97.0.1", "10.96.0.0", "10.96.255.255", "192.0.2.1", "fd00:10:96::",
      "fd00:10:96::10:0", "2001:db8::1",
    ]
    try bench.run(
      "service.reserve",
      outside.map {
        ServiceCase(
          $0, ["clusterIP": .string($0)],
          .refused(-32003, "OutOfRange", fields: ["spec.clusterIPs"]))
      })
    let last = ["10.96.0.255", "10.96.1.0", "10.96.255.254", "fd00:10:96::f:ffff"]
    try bench.run(
      "service.reserve",
      last.map {
        ServiceCase($0, ["clusterIP": .string($0)], .granted("SingleStack", [Family.of($0)]))
      })
  }

  @Test func `of several mistakes the params come first, then static addresses`() throws {
    let setup = DaemonSetup(serviceRange: "10.96.0.0/30,fd00:10:96::/126")
    let bench = try ServiceBench(.dualIPv4First, setup)
    for number in 1...2 { _ = try bench.send("service.reserve", "four-\(number)", [:]) }
    let both = ServiceAxis.spec(
      policy: "RequireDualStack", ips: ["fd00:10:96:1::1", "10.96.0.1"])
    try bench.run(
      "service.reserve",
      [
        ServiceCase(
          "a policy that is none before an address that is taken",
          ServiceAxis.spec(policy: "None", ips: ["10.96.0.1"]),
          .invalid(["spec.ipFamilyPolicy NotSupported"])),
        ServiceCase(
          "static addresses in family order", both,
          .refused(-32003, "OutOfRange", fields: ["spec.clusterIPs"])),
        ServiceCase(
          "a static address before an automatic one",
          ServiceAxis.spec(policy: "RequireDualStack", ips: ["fd00:10:96:1::1"]),
          .refused(-32003, "OutOfRange", fields: ["spec.clusterIPs"])),
      ])
  }

  @Test func `a full range refuses both families and keeps neither`() throws {
    let setup = DaemonSetup(serviceRange: "10.96.0.0/30,fd00:10:96::/126")
    let bench = try ServiceBench(.dualIPv4First, setup)
    let dual: JSON = ["ipFamilyPolicy": "RequireDualStack"]
    for number in 1...2 {
      let answer = try bench.send("service.reserve", "dual-\(number)", dual)
      #expect(answer.result != nil, "\(answer)")
    }
    let full = try bench.send("service.reserve", "dual-3", dual)
    #expect(full.code == -32001 && full.reason == "Exhausted", "\(full)")
    #expect(full.data?["range"] == "10.96.0.0/30")
    #expect(full.data?["family"] == "IPv4")
    #expect(full.data?["capacity"] == "2")
    #expect(full.data?["reserved"] == "2")
    let six = try bench.client.request("range.get", ["cidr": "fd00:10:96::/126"])
    #expect(six.result?["reserved"] == "2", "\(six)")
    let update = try bench.send("service.reserve", "six", ["ipFamilies": ["IPv6"]])
    #expect(update.result?["spec"]?["clusterIPs"]?.list?.count == 1, "\(update)")
    let wider = try bench.send("service.update", "six", dual.with("ipFamilies", ["IPv6", "IPv4"]))
    #expect(wider.reason == "Exhausted", "\(wider)")
    try bench.release("dual-1")
    let again = try bench.send("service.reserve", "four", [:])
    #expect(again.result != nil, "a released address is free at once: \(again)")
  }

  @Test func `automatic choice spares the static band until the other is full`() throws {
    let setup = DaemonSetup(serviceRange: "10.96.0.0/27,fd00:10:96::/123")
    let bench = try ServiceBench(.dualIPv4First, setup)
    let dual: JSON = ["ipFamilyPolicy": "RequireDualStack"]
    var pairs: [[String]] = []
    for number in 1...30 {
      let answer = try bench.send("service.reserve", "s\(number)", dual)
      pairs.append(ServiceBench.addresses(answer))
    }
    let four = pairs.compactMap(\.first)
    let dynamic = Set((17...30).map { "10.96.0.\($0)" })
    #expect(Set(four.prefix(14)) == dynamic)
    #expect(Set(four.dropFirst(14)) == Set((1...16).map { "10.96.0.\($0)" }))
    // IPv6 has no broadcast address: its dynamic band holds one more.
    let six = pairs.compactMap(\.last)
    #expect(six.prefix(15).allSatisfy { AddressText.isInside($0, "fd00:10:96::10/124") })
    #expect(!six.prefix(15).contains("fd00:10:96::10"))
    #expect(six.dropFirst(15).count == 15)
    let static16 = Set((1...16).map { "fd00:10:96::\(String($0, radix: 16))" })
    #expect(static16.isSuperset(of: six.dropFirst(15)))
    let full = try bench.send("service.reserve", "s31", [:])
    #expect(full.reason == "Exhausted", "\(full)")
  }

  @Test func `the choice in a large range does not repeat itself`() throws {
    let bench = try ServiceBench(.dualIPv4First)
    var seen: Set<String> = []
    for number in 1...100 {
      let answer = try bench.send(
        "service.reserve", "s\(number)", ["ipFamilyPolicy": "RequireDualStack"])
      for address in ServiceBench.addresses(answer) {
        #expect(seen.insert(address).inserted, "\(address) twice")
        #expect(AddressText.isInside(address, Cluster.serviceRange(Family.of(address))))
      }
    }
    #expect(seen.count == 200)
  }

  @Test func `without a Service range there are no addresses for Services`() throws {
    let daemon = try DaemonProcess.start(DaemonSetup(clusterCIDR: "10.244.0.0/16"))
    let client = try daemon.client()
    let key: JSON = ["namespace": "t", "name": "s"]
    let headful = try client.request("service.reserve", key.with("spec", [:]))
    #expect(headful.reason == "InvalidParams", "\(headful)")
    let external = key.with("spec", ["type": "ExternalName", "externalName": "a.example"])
    #expect(try client.request("service.reserve", external).result != nil)
  }
}
