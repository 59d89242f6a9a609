import FaultKit
import Testing

/// What a pod gets, and what repeating its request does.
@Suite(.ownThreads) struct PodReserveTests {
  @Test func `a pod gets one address of each family of its node`() throws {
    for (setup, addresses) in [
      (DaemonSetup.dual, ["10.244.0.2", "fd00:10:244::2"]),
      (.dualIPv6First, ["fd00:10:244::2", "10.244.0.2"]),
      (.ipv4, ["10.244.0.2"]), (.ipv6, ["fd00:10:244::2"]),
    ] {
      let answer = try PodBench(setup).reserve("p")
      #expect(answer.result?["podIPs"]?.strings == addresses, "\(answer)")
      #expect(answer.result?["podIP"]?.text == addresses[0])
      let lengths: [JSON] = addresses.map { AddressText.isIPv6($0) ? 64 : 24 }
      #expect(answer.result?["prefixLengths"] == .array(lengths))
      let gateways = addresses.map { AddressText.isIPv6($0) ? "fd00:10:244::1" : "10.244.0.1" }
      #expect(answer.result?["gateways"]?.strings == gateways)
      #expect(answer.result?["node"] == "w" && answer.result?["existing"] == false)
    }
  }

  @Test func `without a reserved gateway the first address is handed out`() throws {
    let bench = try PodBench(.dual.with { $0.yaml = "reserveGateway: false" })
    let answer = try bench.reserve("p")
    #expect(answer.result?["podIPs"] == ["10.244.0.1", "fd00:10:244::1"], "\(answer)")
    #expect(answer.result?["gateways"] == nil)
    let block = try bench.client.request("range.get", ["cidr": "10.244.0.0/24"])
    #expect(block.result?["capacity"] == "254", "\(block)")
  }

  @Test func `a repeated reserve answers the same and writes nothing`() throws {
    let bench = try PodBench()
    let more: JSON = ["containerID": "c1", "uid": "u1"]
    let first = try bench.reserve("p", more)
    let expected = first.result?.with("existing", true)
    for again in [
      more, ["containerID": "c1"], more.with("interface", "eth0").with("network", "default"),
      more.with("ipFamilies", []), more.with("labels", [:]), more.with("uid", .null),
    ] {
      #expect(try bench.reserve("p", again).result == expected, "\(again)")
    }
    #expect(try bench.newestRevision() == first.revision)
    try bench.restart(killing: true)
    #expect(try bench.reserve("p", more).result == expected)
    #expect(try bench.newestRevision() == first.revision)
  }

  @Test func `the same key with another request is a conflict and touches nothing`() throws {
    let bench = try PodBench(.dual, nodes: ["w": [], "x": []])
    let more: JSON = ["containerID": "c1", "uid": "u1"]
    let first = try bench.reserve("p", more)
    let owner: JSON = [
      "kind": "Pod", "namespace": "d", "name": "p", "containerID": "c1", "interface": "eth0",
      "network": "default",
    ]
    for other in [
      more.with("node", "x"), more.with("ipFamilies", ["IPv4"]),
      more.with("ipFamilies", ["IPv6", "IPv4"]), more.with("ips", ["10.244.0.9"]),
      more.with("uid", "u2"), more.with("ifRevision", .int((first.revision ?? 0) + 7)),
    ] {
      let answer = try bench.reserve("p", other)
      #expect(answer.code == -32005 && answer.reason == "Conflict", "\(other): \(answer)")
      #expect(answer.data?["owner"] == owner, "\(answer)")
      #expect(answer.revision == first.revision, "\(answer)")
    }
    #expect(try bench.newestRevision() == first.revision)
    let renewed = try bench.reserve("p", more.with("ifRevision", first.result?["revision"]))
    #expect(renewed.result?["existing"] == true, "\(renewed)")
  }

  @Test func `a renewal of what is not held is a conflict`() throws {
    let bench = try PodBench()
    let answer = try bench.reserve("p", ["ifRevision": 1])
    #expect(answer.code == -32005, "\(answer)")
    #expect(try bench.client.all("pod.list").isEmpty)
  }

  @Test func `each part of the key makes another owner`() throws {
    let bench = try PodBench()
    let keys: [JSON] = [
      [:], ["uid": "u1"], ["uid": "u2"], ["containerID": "c1"], ["containerID": "c2"],
      ["interface": "eth1"], ["interface": "eth1", "containerID": "c1"], ["namespace": "e"],
    ]
    var addresses: Set<String> = []
    for key in keys {
      let address = try bench.address("p", key)
      #expect(address.map { addresses.insert($0).inserted } == true, "\(key): \(address ?? "—")")
    }
    for key in keys {
      let item = try bench.client.request("pod.get", merged(PodBench.key("p"), key))
      #expect(item.result?["podIP"]?.text.map { addresses.contains($0) } == true, "\(item)")
    }
    #expect(try bench.client.all("pod.list").count == keys.count)
  }

  private func merged(_ one: JSON, _ other: JSON) -> JSON {
    (other.members ?? [:]).reduce(one) { $0.with($1.key, $1.value) }
  }

  @Test func `ipFamilies decide about families and their order`() throws {
    let bench = try PodBench(.dual, nodes: ["w": [], "four": ["10.244.7.0/24"]])
    let rows: [([String], [String])] = [
      (["IPv4"], ["10.244.0.2"]), (["IPv6"], ["fd00:10:244::2"]),
      (["IPv6", "IPv4"], ["fd00:10:244::3", "10.244.0.3"]),
      (["IPv4", "IPv6"], ["10.244.0.4", "fd00:10:244::4"]),
    ]
    for (families, addresses) in rows {
      let name = families.joined(separator: "-").lowercased()
      let answer = try bench.reserve(name, ["ipFamilies": .strings(families)])
      #expect(answer.result?["podIPs"]?.strings == addresses, "\(answer)")
      let item = try bench.client.request("pod.get", PodBench.key(name))
      #expect(item.result?["ipFamilies"]?.strings == families, "\(item)")
    }
    for families in [["IPv6"], ["IPv4", "IPv6"]] {
      let answer = try bench.reserve(
        "lacking", ["node": "four", "ipFamilies": .strings(families)])
      let index = families.count - 1
      #expect(answer.code == -32602, "\(answer)")
      #expect(answer.causes.contains { $0.hasPrefix("ipFamilies[\(index)] ") }, "\(answer)")
    }
    let four = try bench.reserve("four", ["node": "four"])
    #expect(four.result?["podIPs"] == ["10.244.7.2"], "\(four)")
  }

  @Test func `static addresses are taken as asked and the rest is filled in`() throws {
    let bench = try PodBench()
    let six = try bench.reserve("six", ["ips": ["FD00:10:244:0::00AA"]])
    #expect(six.result?["podIPs"] == ["10.244.0.2", "fd00:10:244::aa"], "\(six)")
    let both = try bench.reserve("both", ["ips": ["fd00:10:244::bb", "10.244.0.77"]])
    #expect(both.result?["podIPs"] == ["10.244.0.77", "fd00:10:244::bb"], "\(both)")
    let next = try bench.reserve("next")
    #expect(next.result?["podIPs"] == ["10.244.0.3", "fd00:10:244::2"], "\(next)")
    let taken = try bench.reserve("taken", ["ips": ["10.244.0.200", "fd00:10:244::bb"]])
    #expect(taken.code == -32002 && taken.data?["ip"] == "fd00:10:244::bb", "\(taken)")
    #expect(taken.data?["owner"]?["name"] == "both")
    #expect(taken.causes.contains { $0.hasPrefix("ips[1] ") }, "\(taken)")
    #expect(try bench.state("10.244.0.200") == "free", "nothing is kept of what was refused")
    for ip in [
      "10.244.0.0", "10.244.0.1", "10.244.0.255", "10.244.1.2", "fd00:10:244::",
      "fd00:10:244::1", "fd00:10:244:1::2", "192.0.2.1",
    ] {
      let answer = try bench.reserve("outside", ["ips": [.string(ip)]])
      #expect(answer.code == -32003 && answer.data?["ip"]?.text == ip, "\(answer)")
      #expect(answer.causes.contains { $0.hasPrefix("ips[0] ") }, "\(answer)")
    }
  }

  @Test func `wrong params are told all at once`() throws {
    let bench = try PodBench()
    let rows: [(JSON, Set<String>)] = [
      ([:], ["node Required", "namespace Required", "name Required"]),
      (["node": "w", "namespace": "", "name": "p"], ["namespace Invalid"]),
      (
        ["node": "w", "namespace": "d", "name": "p", "ips": ["10.244.0.5", "10.244.0.6"]],
        ["ips[1] Duplicate"]
      ),
      (
        [
          "node": "w", "namespace": "d", "name": "p", "ipFamilies": ["IPv4"],
          "ips": ["fd00:10:244::5"],
        ], ["ips[0] Invalid"]
      ),
      (
        [
          "node": 1, "namespace": true, "name": ["x"], "ipFamilies": ["IPv9"], "ips": ["::g"],
          "container": "c",
        ],
        [
          "node Invalid", "namespace Invalid", "name Invalid", "ipFamilies[0] NotSupported",
          "ips[0] Invalid", "container Unknown",
        ]
      ),
    ]
    for (params, causes) in rows {
      let answer = try bench.client.request("pod.reserve", params)
      #expect(answer.code == -32602 && answer.causes == causes, "\(params): \(answer)")
    }
    let node = try bench.reserve("p", ["node": "nowhere"])
    #expect(node.code == -32004 && node.causes.contains { $0.hasPrefix("node ") }, "\(node)")
    let network = try bench.reserve("p", ["network": "storage"])
    #expect(network.code == -32004, "\(network)")
    #expect(network.causes.contains { $0.hasPrefix("network ") }, "\(network)")
    #expect(try bench.client.all("pod.list").isEmpty)
  }

  @Test func `a request whose deadline has passed is not started`() throws {
    let bench = try PodBench()
    let late = try bench.reserve("p", ["deadline": "2020-01-01T00:00:00Z"])
    #expect(late.code == -32011 && late.data?["retryable"] == true, "\(late)")
    let bad = try bench.reserve("p", ["deadline": "soon"])
    #expect(bad.causes == ["deadline Invalid"], "\(bad)")
    #expect(try bench.client.all("pod.list").isEmpty)
    let early = try bench.reserve("p", ["deadline": "2999-12-31T23:59:59.5+01:00"])
    #expect(early.result != nil, "\(early)")
  }
}
