import FaultKit
import Testing

/// Releasing pods in every form, fenced and not; their labels, and looking at them.
@Suite(.ownThreads) struct PodReleaseTests {
  @Test func `a release names its reservation by the key as given at the reserve`() throws {
    let bench = try PodBench()
    let keys: [JSON] = [
      [:], ["containerID": "c"], ["uid": "u"], ["containerID": "c", "interface": "eth1"],
    ]
    for key in keys {
      let held = try bench.reserve("p", key)
      let released = try bench.release("p", key)
      #expect(released.result?["released"] == held.result?["podIPs"], "\(key): \(released)")
      #expect(released.revision == held.revision.map { $0 + 1 })
      let again = try bench.release("p", key)
      #expect(again.result?["released"] == [], "\(again)")
    }
    _ = try bench.reserve("p", ["containerID": "c", "uid": "u"])
    let other = try bench.release("p")
    #expect(other.result?["released"] == [], "another key holds it: \(other)")
    let byContainer = try bench.release("p", ["containerID": "c"])
    #expect(byContainer.result?["released"]?.list?.count == 2, "\(byContainer)")
  }

  @Test func `a release by address gives back the whole reservation`() throws {
    let bench = try PodBench()
    let held = try bench.reserve("p")
    let released = try bench.client.request("pod.release", ["ip": "fd00:10:244::2"])
    #expect(released.result?["released"] == held.result?["podIPs"], "\(released)")
    let again = try bench.client.request("pod.release", ["ip": "fd00:10:244::2"])
    #expect(again.result?["released"] == [], "\(again)")
  }

  @Test func `a container's interfaces are released together`() throws {
    let bench = try PodBench(.dual, nodes: ["w": [], "x": []])
    for interface in ["eth0", "eth1", "net2"] {
      _ = try bench.reserve("p", ["containerID": "c", "interface": .string(interface)])
    }
    let before = try #require(
      try bench.reserve("q", ["containerID": "c", "node": "x"]).revision)
    let released = try bench.client.request(
      "pod.release", ["node": "w", "containerID": "c"])
    #expect(released.result?["released"]?.list?.count == 6, "\(released)")
    #expect(released.revision == before + 3, "one record for each: \(released)")
    let left = try bench.client.all("pod.list")
    #expect(left.compactMap { $0["name"]?.text } == ["q"], "the other node's pod stays")
  }

  @Test func `everything that a pod's name holds is released together`() throws {
    let bench = try PodBench()
    for key: JSON in [[:], ["containerID": "a"], ["uid": "b"], ["interface": "eth1"]] {
      _ = try bench.reserve("p", key)
    }
    _ = try bench.reserve("p2")
    let released = try bench.release("p", ["all": true])
    #expect(released.result?["released"]?.list?.count == 8, "\(released)")
    let left = try bench.client.all("pod.list")
    #expect(left.compactMap { $0["name"]?.text } == ["p2"])
    #expect(try bench.release("p", ["all": true]).result?["released"] == [])
  }

  @Test func `a mixture of forms is refused`() throws {
    let bench = try PodBench()
    let rows: [(JSON, Set<String>)] = [
      ([:], ["namespace Required", "name Required"]),
      (["ip": "10.244.0.2", "name": "p"], ["name Forbidden"]),
      (["ip": "10.244.0.2", "all": true], ["all Forbidden"]),
      (
        ["namespace": "d", "name": "p", "containerID": "c", "all": true],
        ["containerID Forbidden"]
      ),
      (["node": "w"], ["containerID Required"]),
      (["node": "w", "containerID": "c", "name": "p"], ["name Forbidden"]),
      (["ip": "10.244.0.02"], ["ip Invalid"]),
    ]
    for (params, causes) in rows {
      let answer = try bench.client.request("pod.release", params)
      #expect(answer.code == -32602 && answer.causes == causes, "\(params): \(answer)")
    }
  }

  @Test func `a release applies to the generation that it names`() throws {
    let bench = try PodBench()
    let first = try #require(try bench.reserve("p").revision)
    try bench.release("p")
    let second = try #require(try bench.reserve("p").revision)
    let stale = try bench.release("p", ["ifRevision": .int(first)])
    #expect(stale.code == -32005 && stale.revision == second, "\(stale)")
    #expect(stale.data?["owner"]?["kind"] == "Pod")
    #expect(try bench.newestRevision() == second)
    let right = try bench.release("p", ["ifRevision": .int(second)])
    #expect(right.result?["released"]?.list?.count == 2, "\(right)")
    let nothing = try bench.release("p", ["ifRevision": .int(first)])
    #expect(nothing.result?["released"] == [], "\(nothing)")
  }

  @Test func `labels are replaced by a repeat in one record`() throws {
    let bench = try PodBench()
    let first = try bench.reserve("p", ["labels": ["app": "web", "tier": "front"]])
    let generation = try #require(first.revision)
    let second = try bench.reserve("p", ["labels": ["app": "db"]])
    #expect(second.result?["existing"] == true && second.revision == generation, "\(second)")
    #expect(try bench.newestRevision() == generation + 1)
    let same = try bench.reserve("p", ["labels": ["app": "db"]])
    #expect(same.result?["existing"] == true, "\(same)")
    #expect(try bench.newestRevision() == generation + 1, "nothing has changed")
    try bench.restart(killing: true)
    let item = try bench.client.request("pod.get", PodBench.key("p"))
    #expect(item.result?["labels"] == ["app": "db"], "\(item)")
    #expect(item.result?["podIPs"] == first.result?["podIPs"])
    let released = try bench.release("p", ["ifRevision": .int(generation)])
    #expect(released.result?["released"]?.list?.count == 2, "\(released)")
  }

  @Test func `labels have their limits`() throws {
    let bench = try PodBench()
    let long = String(repeating: "x", count: 254)
    let many = Dictionary(uniqueKeysWithValues: (0..<17).map { ("k\($0)", JSON.string("v")) })
    for labels: JSON in [
      .object(many), ["k": .string(long)], .object([long: "v"]), ["k": 1], ["k"], "app=web",
    ] {
      let answer = try bench.reserve("p", ["labels": labels])
      #expect(answer.code == -32602, "\(answer)")
      #expect(answer.causes.contains { $0.hasPrefix("labels") }, "\(answer)")
    }
    let most = Dictionary(
      uniqueKeysWithValues: (0..<16).map { ("k\($0)", JSON.string("ü \"quoted\" \\ 😀")) })
    _ = try bench.reserve("p", ["labels": .object(most)])
    let item = try bench.client.request("pod.get", PodBench.key("p"))
    #expect(item.result?["labels"] == .object(most), "\(item)")
  }
}
