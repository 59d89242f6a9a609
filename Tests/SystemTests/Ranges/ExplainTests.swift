import FaultKit
import Testing

/// Why a range is full, and whether a request would succeed.
@Suite(.ownThreads) struct ExplainTests {
  private func explain(_ bench: PodBench, _ params: JSON) throws -> Answer {
    try bench.client.request("range.explain", params)
  }

  @Test func `a node's block says who has it, what rests and the largest free run`() throws {
    let bench = try PodBench.small(28, quarantineSeconds: 600)
    for name in ["a", "b", "c"] { _ = try bench.reserve(name) }
    _ = try bench.client.request(
      "pod.reserve", ["node": "w", "namespace": "other", "name": "d", "ips": ["10.20.0.9"]])
    _ = try bench.release("b")
    _ = try bench.client.request("range.exclude", ["cidrs": ["10.20.0.12/30"]])
    let answer = try explain(bench, ["cidr": "10.20.0.0/28"])
    let found = answer.result?["ranges"]?.list?.first
    #expect(
      found?["range"]?["reserved"] == "3" && found?["range"]?["quarantined"] == "1", "\(answer)")
    #expect(found?["range"]?["excluded"] == "3")
    #expect(
      found?["biggestOwners"] == [
        ["namespace": "d", "count": "2"], ["namespace": "other", "count": "1"],
      ])
    #expect(found?["largestFreeRun"] == ["first": "10.20.0.5", "count": "4"])
    #expect(found?["oldestQuarantined"]?["ip"] == "10.20.0.3")
    #expect(found?["wouldFree"]?.list?.count == 2, "\(answer)")
  }

  @Test func `a request is decided and leaves nothing behind`() throws {
    let bench = try PodBench.small(29, quarantineSeconds: 0)
    let revision = try bench.newestRevision()
    let request: JSON = [
      "request": [
        "method": "pod.reserve", "params": PodBench.key("p").with("node", "w"),
      ]
    ]
    for _ in 0..<3 {
      let answer = try explain(bench, request)
      #expect(answer.result?["wouldSucceed"] == true, "\(answer)")
      #expect(answer.result?["ranges"]?.list?.count == 1)
    }
    #expect(try bench.newestRevision() == revision)
    #expect(try bench.address("first") == "10.20.0.2", "the order begins where it began")
    for name in ["b", "c", "d", "e"] { _ = try bench.reserve(name) }
    let full = try explain(bench, request)
    #expect(full.result?["wouldSucceed"] == false, "\(full)")
    #expect(full.result?["error"]?["data"]?["reason"] == "Exhausted")
    let range = full.result?["ranges"]?.list?.first
    #expect(range?["largestFreeRun"] == nil && range?["wouldFree"]?.list?.isEmpty == false)
    let held = try explain(
      bench,
      [
        "request": [
          "method": "pod.reserve", "params": PodBench.key("first").with("node", "w"),
        ]
      ])
    #expect(held.result?["wouldSucceed"] == true, "it exists: \(held)")
  }

  @Test func `Services and nodes are foreseen too, and mistakes are those of the request`() throws {
    let bench = try PodBench(.dual)
    let service: JSON = ["namespace": "d", "name": "s", "spec": ["clusterIP": "10.97.0.1"]]
    let outside = try explain(
      bench, ["request": ["method": "service.reserve", "params": service]])
    #expect(outside.result?["error"]?["data"]?["reason"] == "OutOfRange", "\(outside)")
    #expect(outside.result?["ranges"]?.list?.count == 2)
    let node = try explain(
      bench, ["request": ["method": "node.register", "params": ["name": "x"]]])
    #expect(node.result?["wouldSucceed"] == true, "\(node)")
    #expect(try bench.client.request("node.get", ["name": "x"]).reason == "NotFound")
    let other = try explain(bench, ["request": ["method": "pod.list"]])
    #expect(other.causes == ["request.method NotSupported"], "\(other)")
    #expect(try explain(bench, [:]).causes == ["name Required"])
    let both = try explain(bench, ["name": "pod-ipv4", "cidr": "10.244.0.0/16"])
    #expect(both.reason == "InvalidParams", "\(both)")
    #expect(try explain(bench, ["name": "nowhere"]).reason == "NotFound")
    let cluster = try explain(bench, ["name": "pod-ipv4"])
    #expect(
      cluster.result?["ranges"]?.list?.first?["biggestOwners"] == [["node": "w", "count": "1"]],
      "\(cluster)")
  }
}
