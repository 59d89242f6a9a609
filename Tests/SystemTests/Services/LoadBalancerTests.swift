import FaultKit
import Testing

/// Ingress addresses of Services of type LoadBalancer.
@Suite(.ownThreads) struct LoadBalancerTests {
  private static let setup = DaemonSetup.dual.with {
    $0.yaml = #"loadBalancer: [192.0.2.0/29, "2001:db8:1::/120"]"#
  }

  private static let dual: JSON = ["type": "LoadBalancer", "ipFamilyPolicy": "PreferDualStack"]

  private func call(
    _ method: String, _ name: String, _ spec: JSON, _ bench: PodBench
  ) throws -> Answer {
    try bench.client.request(
      method, ["namespace": "d", "name": .string(name), "spec": spec])
  }

  private func ingress(_ answer: Answer) -> [String] {
    (answer.result?["status"]?["loadBalancer"]?["ingress"]?.list ?? [])
      .compactMap { $0["ip"]?.text }
  }

  @Test func `each family of the Service gets one, in the same record, and keeps it`() throws {
    let bench = try PodBench(Self.setup, nodes: [:])
    let made = try call("service.reserve", "lb", Self.dual, bench)
    let addresses = ingress(made)
    #expect(addresses.count == 2 && made.revision == 1, "\(made)")
    #expect(addresses.first?.hasPrefix("192.0.2.") == true)
    #expect(addresses.last?.hasPrefix("2001:db8:1::") == true)
    let single = try call("service.reserve", "one", ["type": "LoadBalancer"], bench)
    #expect(ingress(single).count == 1, "\(single)")
    try bench.restart(killing: true)
    let again = try call("service.reserve", "lb", Self.dual, bench)
    #expect(again.result?["existing"] == true && ingress(again) == addresses, "\(again)")
    let held = try bench.client.request("ip.get", ["ip": .string(addresses[0])])
    #expect(held.result?["owner"]?["name"] == "lb", "\(held)")
    let got = try bench.client.request("service.get", ["namespace": "d", "name": "lb"])
    #expect(ingress(got) == addresses)
    let history = try bench.client.request("ip.history", ["ip": .string(addresses[0])])
    #expect(history.result?["items"]?.list?.count == 1, "\(history)")
    let released = try bench.client.request("service.release", ["namespace": "d", "name": "lb"])
    #expect(released.result?["released"]?.list?.count == 4, "\(released)")
    #expect(try bench.state(addresses[0]) == "free")
    let range = try bench.client.request("range.get", ["name": "loadBalancer-ipv4"])
    #expect(range.result?["purpose"] == "loadBalancer" && range.result?["reserved"] == "1")
    let verified = try bench.client.request("ledger.verify")
    #expect(verified.result?["ok"] == true, "\(verified)")
  }

  @Test func `another type, another class and a cluster without such ranges have no status`() throws
  {
    let bench = try PodBench(Self.setup, nodes: [:])
    for spec: JSON in [
      ["type": "ClusterIP"], ["type": "NodePort"],
      ["type": "LoadBalancer", "loadBalancerClass": "example.com/other"],
    ] {
      let made = try call("service.reserve", "s", spec, bench)
      #expect(made.result != nil && made.result?["status"] == nil, "\(made)")
      _ = try bench.client.request("service.release", ["namespace": "d", "name": "s"])
    }
    let plain = try PodBench(nodes: [:])
    let made = try call("service.reserve", "s", ["type": "LoadBalancer"], plain)
    #expect(made.result != nil && made.result?["status"] == nil, "\(made)")
  }

  @Test func `loadBalancerIP asks for one, and what it cannot have is said`() throws {
    let bench = try PodBench(Self.setup, nodes: [:])
    let named = Self.dual.with("loadBalancerIP", "192.0.2.3")
    let made = try call("service.reserve", "a", named, bench)
    #expect(ingress(made).first == "192.0.2.3", "\(made)")
    let taken = try call("service.reserve", "b", named, bench)
    #expect(taken.reason == "AlreadyReserved" && taken.data?["owner"]?["name"] == "a", "\(taken)")
    #expect(taken.causes == ["spec.loadBalancerIP Invalid"])
    let outside = try call(
      "service.reserve", "b", Self.dual.with("loadBalancerIP", "192.0.3.3"), bench)
    #expect(outside.reason == "OutOfRange", "\(outside)")
    let text = try call("service.reserve", "b", Self.dual.with("loadBalancerIP", "here"), bench)
    #expect(text.causes == ["spec.loadBalancerIP Invalid"], "\(text)")
    #expect(text.reason == "InvalidParams")
    let range = try bench.client.request("range.get", ["name": "service-ipv4"])
    #expect(range.result?["reserved"] == "1", "nothing is left of what was refused: \(range)")
  }

  @Test func `an update gives up what the Service is no longer entitled to, and takes what is new`()
    throws
  {
    let bench = try PodBench(Self.setup, nodes: [:])
    let both = ingress(try call("service.reserve", "a", Self.dual, bench))
    let single = try call(
      "service.update", "a", ["type": "LoadBalancer", "ipFamilyPolicy": "SingleStack"], bench)
    #expect(ingress(single) == [both[0]], "\(single)")
    #expect(single.result?["released"]?.list?.contains(.string(both[1])) == true)
    let moved = try call(
      "service.update", "a",
      ["type": "LoadBalancer", "ipFamilyPolicy": "SingleStack", "loadBalancerIP": "192.0.2.6"],
      bench)
    #expect(both[0] == "192.0.2.6" || ingress(moved) == ["192.0.2.6"], "\(moved)")
    let plain = try call(
      "service.update", "a", ["type": "ClusterIP", "ipFamilyPolicy": "SingleStack"], bench)
    #expect(
      plain.result?["status"] == nil && plain.result?["released"] == ["192.0.2.6"], "\(plain)")
    try bench.restart(killing: true)
    #expect(try bench.state("192.0.2.6") == "free")
    let range = try bench.client.request("range.get", ["name": "loadBalancer-ipv4"])
    #expect(range.result?["reserved"] == "0")
  }

  @Test func `a full LoadBalancer range refuses the whole Service`() throws {
    let bench = try PodBench(
      DaemonSetup.ipv4.with { $0.yaml = "loadBalancer: [192.0.2.0/30]" }, nodes: [:])
    for name in ["a", "b"] {
      #expect(
        ingress(try call("service.reserve", name, ["type": "LoadBalancer"], bench)).count == 1)
    }
    let full = try call("service.reserve", "c", ["type": "LoadBalancer"], bench)
    #expect(full.reason == "Exhausted" && full.data?["range"] == "192.0.2.0/30", "\(full)")
    let services = try bench.client.request("range.get", ["name": "service-ipv4"])
    #expect(services.result?["reserved"] == "2")
    #expect(try call("service.reserve", "c", ["type": "ClusterIP"], bench).result != nil)
  }
}
