import FaultKit
import Testing

/// Registering nodes and giving them blocks (semantics §14).
@Suite(.ownThreads) struct NodeTests {
  private static func blocks(_ answer: Answer) -> [String]? {
    answer.result?["podCIDRs"]?.strings
  }

  @Test func `blocks are handed out one after the other in the cluster's order`() throws {
    for (setup, expected) in [
      (DaemonSetup.dual, ["10.244.1.0/24", "fd00:10:244:1::/64"]),
      (.dualIPv6First, ["fd00:10:244:1::/64", "10.244.1.0/24"]),
      (.ipv4, ["10.244.1.0/24"]), (.ipv6, ["fd00:10:244:1::/64"]),
    ] {
      let daemon = try DaemonProcess.start(setup)
      let client = try daemon.client()
      _ = try client.request("node.register", ["name": "first"])
      let second = try client.request("node.register", ["name": "second"])
      #expect(Self.blocks(second) == expected)
      #expect(second.result?["podCIDR"]?.text == expected[0])
      #expect(second.result?["os"] == "linux")
      #expect(second.result?["existing"] == false)
      #expect(second.result?["nodeIPs"] == nil && second.result?["networkMode"] == nil)
    }
  }

  @Test func `node masks decide about the size and number of blocks`() throws {
    let setup = DaemonSetup(clusterCIDR: "10.20.0.0/22,fd00:20::/62").with {
      $0.masks = (ipv4: 26, ipv6: 64)
    }
    let daemon = try DaemonProcess.start(setup)
    let client = try daemon.client()
    let info = try client.request("server.info")
    #expect(info.result?["nodeCIDRMaskSizes"] == ["IPv4": 26, "IPv6": 64])
    let expected = [
      ["10.20.0.0/26", "fd00:20::/64"], ["10.20.0.64/26", "fd00:20:0:1::/64"],
      ["10.20.0.128/26", "fd00:20:0:2::/64"], ["10.20.0.192/26", "fd00:20:0:3::/64"],
    ]
    for (index, pair) in expected.enumerated() {
      let answer = try client.request("node.register", ["name": "n\(index)"])
      #expect(Self.blocks(answer) == pair)
    }
    let full = try client.request("node.register", ["name": "n4"])
    #expect(full.code == -32001 && full.data?["range"] == "fd00:20::/62", "\(full)")
    #expect(full.data?["family"] == "IPv6" && full.data?["capacity"] == "4", "\(full)")
    let four = try client.request("range.get", ["cidr": "10.20.0.0/22"])
    #expect(four.result?["reserved"] == "4", "what was refused keeps no block: \(four)")
  }

  @Test func `a released block comes back only after the others`() throws {
    let setup = DaemonSetup(clusterCIDR: "10.20.0.0/22")
    let daemon = try DaemonProcess.start(setup)
    let client = try daemon.client()
    for name in ["a", "b", "c"] { _ = try client.request("node.register", ["name": .string(name)]) }
    let released = try client.request("node.release", ["name": "a"])
    #expect(released.result?["released"] == ["10.20.0.0/24"], "\(released)")
    let next = try client.request("node.register", ["name": "d"])
    #expect(Self.blocks(next) == ["10.20.3.0/24"])
    let wrapped = try client.request("node.register", ["name": "e"])
    #expect(Self.blocks(wrapped) == ["10.20.0.0/24"])
    let full = try client.request("node.register", ["name": "f"])
    #expect(full.reason == "Exhausted", "\(full)")
    let again = try client.request("node.release", ["name": "a"])
    #expect(again.result?["released"] == [], "\(again)")
  }

  @Test func `the order goes on after a restart`() throws {
    var daemon = try DaemonProcess.start(.ipv4)
    for name in ["a", "b"] {
      _ = try daemon.client().request("node.register", ["name": .string(name)])
    }
    _ = try daemon.client().request("node.release", ["name": "b"])
    try daemon.kill()
    daemon = try daemon.startAgain()
    let next = try daemon.client().request("node.register", ["name": "c"])
    #expect(Self.blocks(next) == ["10.244.2.0/24"], "\(next)")
  }

  @Test func `blocks that touch a Service range are never handed out`() throws {
    let setup = DaemonSetup(serviceRange: "10.20.1.0/25", clusterCIDR: "10.20.0.0/22")
    let client = try DaemonProcess.start(setup).client()
    let given = try ["a", "b", "c"].map { name in
      Self.blocks(try client.request("node.register", ["name": .string(name)]))
    }
    #expect(given == [["10.20.0.0/24"], ["10.20.2.0/24"], ["10.20.3.0/24"]])
    let full = try client.request("node.register", ["name": "d"])
    #expect(full.reason == "Exhausted", "\(full)")
    let inside = try client.request(
      "node.register", ["name": "e", "podCIDRs": ["10.20.1.0/26"]])
    #expect(inside.code == -32005, "\(inside)")
    // The other half of that block touches no Service.
    let beside = try client.request(
      "node.register", ["name": "f", "podCIDRs": ["10.20.1.128/26"]])
    #expect(Self.blocks(beside) == ["10.20.1.128/26"], "\(beside)")
  }

  @Test func `a repeated registration answers the same and writes nothing`() throws {
    let client = try DaemonProcess.start().client()
    let request: JSON = ["name": "w", "nodeIPs": ["192.0.2.1", "2001:db8::1"]]
    let first = try client.request("node.register", request)
    let again = try client.request("node.register", request)
    #expect(again.result == first.result?.with("existing", true))
    #expect(try client.request("server.info").revision == first.revision)
    let other = try client.request(
      "node.register", request.with("podCIDRs", ["10.244.9.0/24"]))
    #expect(other.code == -32005, "\(other)")
    #expect(other.data?["owner"] == ["kind": "Node", "name": "w"])
    #expect(other.revision == first.revision)
    let os = try client.request("node.register", request.with("os", "windows"))
    #expect(os.reason == "Conflict", "\(os)")
  }

  @Test func `nodeIPs are replaced by one record and the generation stays`() throws {
    let client = try DaemonProcess.start().client()
    let first = try client.request("node.register", ["name": "w", "nodeIPs": ["192.0.2.1"]])
    let generation = try #require(first.revision)
    let moved: JSON = ["name": "w", "nodeIPs": ["2001:db8::1", "192.0.2.2"]]
    let second = try client.request("node.register", moved)
    #expect(second.result?["existing"] == true, "\(second)")
    #expect(second.revision == generation, "\(second)")
    #expect(second.result?["nodeIPs"] == ["2001:db8::1", "192.0.2.2"])
    #expect(try client.request("server.info").revision == generation + 1)
    let seen = try client.request("node.get", ["name": "w"])
    #expect(seen.result?["nodeIPs"] == ["2001:db8::1", "192.0.2.2"], "\(seen)")
    let released = try client.request(
      "node.release", ["name": "w", "ifRevision": .int(generation)])
    #expect(released.result?["released"]?.list?.count == 2, "\(released)")
  }

  @Test func `a node with pods is released by force alone`() throws {
    let client = try DaemonProcess.start().client()
    let node = try client.request("node.register", ["name": "w"])
    let pods = try (0..<3).map { number in
      try client.request(
        "pod.reserve", ["node": "w", "namespace": "d", "name": "p\(number)"])
    }
    let refused = try client.request("node.release", ["name": "w"])
    #expect(refused.code == -32005, "\(refused)")
    let stale = try client.request(
      "node.release", ["name": "w", "force": true, "ifRevision": 999])
    #expect(stale.reason == "Conflict", "\(stale)")
    let forced = try client.request("node.release", ["name": "w", "force": true])
    #expect(forced.result?["released"] == node.result?["podCIDRs"], "\(forced)")
    let gone = forced.result?["releasedPods"]?.list ?? []
    #expect(gone.compactMap { $0["name"]?.text } == ["p0", "p1", "p2"])
    #expect(gone.map { $0["podIPs"] } == pods.map { $0.result?["podIPs"] })
    let last = try #require(pods.last?.revision)
    #expect(forced.revision == last + 4, "three pods and the node, one record each: \(forced)")
    #expect(try client.all("pod.list").isEmpty)
    let again = try client.request("pod.reserve", ["node": "w", "namespace": "d", "name": "p0"])
    #expect(again.reason == "NotFound", "\(again)")
  }

  @Test func `a node registered again starts afresh`() throws {
    let client = try DaemonProcess.start(DaemonSetup(clusterCIDR: "10.20.0.0/24")).client()
    let request: JSON = ["node": "w", "namespace": "d", "name": "p"]
    for round in 0..<2 {
      let node = try client.request("node.register", ["name": "w"])
      #expect(Self.blocks(node) == ["10.20.0.0/24"], "\(node)")
      let pod = try client.request("pod.reserve", request)
      #expect(pod.result?["podIP"] == "10.20.0.2", "round \(round): \(pod)")
      _ = try client.request("node.release", ["name": "w", "force": true])
    }
  }

  @Test func `nodes are listed by name in pages`() throws {
    let client = try DaemonProcess.start().client()
    for number in [3, 1, 4, 0, 2] {
      _ = try client.request("node.register", ["name": "n\(number)"])
    }
    for limit in [1, 2, 5, 1000] {
      let items = try client.all("node.list", limit: limit)
      #expect(items.compactMap { $0["name"]?.text } == ["n0", "n1", "n2", "n3", "n4"])
    }
    let one = try client.request("node.get", ["name": "n3"])
    #expect(one.result?["podCIDR"] == "10.244.0.0/24", "\(one)")
    #expect(one.result?["existing"] == nil)
    let missing = try client.request("node.get", ["name": "n5"])
    #expect(missing.code == -32004, "\(missing)")
    #expect(missing.causes.contains { $0.hasPrefix("name ") }, "\(missing)")
  }

  @Test func `a registration that fails leaves the next block to the next one`() throws {
    let bench = try PodBench(
      DaemonSetup(clusterCIDR: "10.244.0.0/24,fd00:20::/62").with {
        $0.masks = (ipv4: 28, ipv6: 64)
      })
    // Of IPv6 there are four blocks, of IPv4 sixteen.
    let failing: JSON = [
      "ops": [
        ["method": "node.register", "params": ["name": "x"]],
        ["method": "pod.reserve", "params": ["node": "nowhere", "namespace": "a", "name": "b"]],
      ]
    ]
    #expect(try bench.client.request("transaction", failing).reason == "NotFound")
    let second = try bench.client.request("node.register", ["name": "n2"])
    #expect(second.result?["podCIDRs"]?.list?.first == "10.244.0.16/28", "\(second)")
    for name in ["n3", "n4"] {
      _ = try bench.client.request("node.register", ["name": .string(name)])
    }
    for name in ["n5", "n6"] {
      let full = try bench.client.request("node.register", ["name": .string(name)])
      #expect(full.reason == "Exhausted", "\(full)")
    }
    _ = try bench.client.request("node.release", ["name": "n2"])
    let again = try bench.client.request("node.register", ["name": "n7"])
    #expect(again.result?["podCIDRs"]?.list?.first == "10.244.0.64/28", "\(again)")
  }
}
