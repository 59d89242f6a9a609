import FaultKit
import Testing

/// Ranges that are added, drained and removed while the daemon runs, and blocks that are excluded.
@Suite(.ownThreads) struct RangeChangeTests {
  private static let setup = DaemonSetup.dual.with { $0.yaml = "quarantineSeconds: 0" }

  private static let pool: JSON = [
    "name": "storage", "purpose": "pool", "cidr": "10.50.0.0/29",
  ]

  @Test func `a pool that is added serves at once and after a crash, and its order goes on`() throws
  {
    let bench = try PodBench(Self.setup)
    let four: JSON = ["network": "storage", "ipFamilies": ["IPv4"]]
    let early = try bench.reserve("p", ["network": "storage"])
    #expect(early.reason == "NotFound", "\(early)")
    let added = try bench.client.request("range.add", Self.pool)
    let item = added.result?["items"]?.list?.first
    #expect(item?["name"] == "storage" && item?["state"] == "Active", "\(added)")
    #expect(item?["capacity"] == "5" && item?["free"] == "5")
    #expect(try bench.reserve("p", four).result?["podIPs"] == ["10.50.0.2"])
    let again = try bench.client.request("range.add", Self.pool)
    #expect(again.revision == added.revision.map { $0 + 1 }, "no record: \(again)")
    let six = try bench.client.request(
      "range.add", ["name": "storage-ipv6", "purpose": "pool", "cidr": "fd00:50::/64"])
    #expect(six.result != nil, "\(six)")
    try bench.restart(killing: true)
    let both = try bench.reserve("q", ["network": "storage"])
    #expect(both.result?["podIPs"] == ["10.50.0.3", "fd00:50::2"], "\(both)")
    #expect(try bench.reserve("p", four).result?["existing"] == true)
  }

  @Test func `a range that overlaps or has another one's name is Conflict, and nothing changes`()
    throws
  {
    let bench = try PodBench(Self.setup)
    _ = try bench.client.request("range.add", Self.pool)
    let before = try bench.newestRevision()
    let ranges = try bench.client.all("range.list")
    for (name, purpose, cidr) in [
      ("storage", "pool", "10.51.0.0/24"), ("other", "pool", "10.50.0.0/24"),
      ("other", "pool", "10.50.0.4/30"), ("other", "service", "10.96.3.0/24"),
      ("other", "loadBalancer", "10.244.7.0/24"), ("service-ipv4", "service", "10.97.0.0/24"),
      ("storage-ipv4", "pool", "10.52.0.0/24"),
    ] {
      let answer = try bench.client.request(
        "range.add",
        ["name": .string(name), "purpose": .string(purpose), "cidr": .string(cidr)])
      #expect(answer.reason == "Conflict", "\(name) \(cidr): \(answer)")
    }
    #expect(try bench.newestRevision() == before)
    #expect(try bench.client.all("range.list") == ranges)
  }

  @Test func `a Conflict names the revision of what stands in the way`() throws {
    let bench = try PodBench(Self.setup)
    let added = try bench.client.request("range.add", Self.pool)
    let node = try bench.client.request(
      "node.register", ["name": "v", "podCIDRs": ["10.244.7.0/24"]])
    let pod = try bench.reserve("p", ["network": "storage", "ipFamilies": ["IPv4"]])
    func expect(_ answer: Answer, _ other: Answer) {
      #expect(answer.reason == "Conflict", "\(answer)")
      #expect(other.revision != nil && answer.data?["revision"]?.int == other.revision, "\(answer)")
    }
    for change in [
      ["cidr": "10.51.0.0/24"], ["name": "other"], ["name": "other", "cidr": "10.50.0.4/30"],
      ["name": "storage-ipv4", "cidr": "10.52.0.0/24"],
    ] as [JSON] {
      var params = Self.pool
      for (member, value) in change.members ?? [:] { params = params.with(member, value) }
      expect(try bench.client.request("range.add", params), added)
    }
    expect(try bench.client.request("range.remove", ["name": "storage"]), pod)
    expect(
      try bench.client.request("node.register", ["name": "x", "podCIDRs": ["10.244.7.128/25"]]),
      node)
    let inUse = try bench.client.request("range.remove", ["cidr": "10.244.0.0/16"])
    expect(inUse, try bench.client.request("node.get", ["name": "w"]))
    #expect(inUse.data?["owner"] == ["kind": "Node", "name": "w"])
  }

  @Test(arguments: [
    (#"{"name":"x","purpose":"pool"}"#, ["cidr Required"]),
    (#"{"name":"x","purpose":"disk","cidr":"10.9.0.0/24"}"#, ["purpose NotSupported"]),
    (#"{"name":"x","purpose":"pool","cidr":"10.9.0.1/24"}"#, ["cidr Invalid"]),
    (#"{"name":"10.9.0.0/24","purpose":"pool","cidr":"10.9.0.0/24"}"#, ["name Invalid"]),
    (#"{"name":"x","purpose":"pod","cidr":"10.9.0.0/28"}"#, ["cidr Invalid"]),
    (#"{"name":"x","purpose":"service","cidr":"fd00:9::/56"}"#, ["cidr Invalid"]),
    (#"{"nam":"x","purpose":"pool","cidr":"10.9.0.0/24"}"#, ["nam Unknown", "name Required"]),
  ])
  func `what cannot be a range is InvalidParams and says which member`(
    _ params: String, _ causes: [String]
  ) throws {
    let bench = try PodBench(Self.setup, nodes: [:])
    let answer = try bench.client.request("range.add", try #require(JSON(parsing: params)))
    #expect(answer.causes == Set(causes), "\(answer)")
  }

  @Test func `Services go on in a second range when the first one is full or draining`() throws {
    let bench = try PodBench(
      DaemonSetup(serviceRange: "10.96.0.0/30", clusterCIDR: "10.244.0.0/16"), nodes: [:])
    for name in ["a", "b"] { #expect(try reserveService(name, bench).result != nil) }
    #expect(try reserveService("c", bench).reason == "Exhausted")
    let added = try bench.client.request(
      "range.add", ["name": "more", "purpose": "service", "cidr": "10.97.0.0/28"])
    #expect(added.result != nil, "\(added)")
    let third = try reserveService("c", bench)
    #expect(third.result?["spec"]?["clusterIP"]?.text?.hasPrefix("10.97.0.") == true, "\(third)")
    let drained = try bench.client.request("range.drain", ["name": "more"])
    #expect(drained.result?["items"]?.list?.first?["state"] == "Draining", "\(drained)")
    let fourth = try reserveService("d", bench)
    #expect(fourth.reason == "Exhausted", "\(fourth)")
    let named = try bench.client.request(
      "service.reserve",
      ["namespace": "d", "name": "e", "spec": ["clusterIP": "10.97.0.9"]])
    #expect(named.reason == "OutOfRange" && named.causes == ["spec.clusterIPs Invalid"], "\(named)")
    try bench.restart(killing: true)
    #expect(try reserveService("c", bench).result?["existing"] == true)
    #expect(try reserveService("d", bench).reason == "Exhausted", "draining outlives a crash")
    _ = try bench.client.request(
      "range.add", ["name": "more", "purpose": "service", "cidr": "10.97.0.0/28"])
    #expect(try reserveService("d", bench).result != nil)
  }

  private func reserveService(_ name: String, _ bench: PodBench) throws -> Answer {
    try bench.client.request(
      "service.reserve", ["namespace": "d", "name": .string(name), "spec": [:]])
  }

  @Test func `a range in use is not removed, and one that is unused is gone for good`() throws {
    let bench = try PodBench(Self.setup)
    _ = try bench.client.request("range.add", Self.pool)
    _ = try bench.reserve("p", ["network": "storage"])
    let refused = try bench.client.request("range.remove", ["name": "storage"])
    #expect(refused.reason == "Conflict", "\(refused)")
    #expect(refused.data?["owner"]?["name"] == "p")
    _ = try bench.release("p", ["network": "storage"])
    let gone = try bench.client.request("range.remove", ["cidr": "10.50.0.0/29"])
    #expect(gone.result?["items"]?.list?.first?["name"] == "storage", "\(gone)")
    #expect(try bench.reserve("p", ["network": "storage"]).reason == "NotFound")
    #expect(try bench.client.request("range.remove", ["name": "storage"]).reason == "NotFound")
    try bench.restart(killing: true)
    #expect(try bench.reserve("p", ["network": "storage"]).reason == "NotFound")
    // Its addresses are free for another range.
    let other = try bench.client.request(
      "range.add", ["name": "other", "purpose": "pool", "cidr": "10.50.0.0/24"])
    #expect(other.result != nil, "\(other)")
  }

  @Test func `nodes get blocks of an added cluster CIDR, which keeps it from being removed`() throws
  {
    let bench = try PodBench(
      DaemonSetup(clusterCIDR: "10.244.0.0/24"), nodes: ["w": []])
    #expect(try bench.client.request("node.register", ["name": "x"]).reason == "Exhausted")
    let added = try bench.client.request(
      "range.add", ["name": "more", "purpose": "pod", "cidr": "10.245.0.0/23"])
    #expect(added.result?["items"]?.list?.first?["unit"] == "block", "\(added)")
    #expect(added.result?["items"]?.list?.first?["capacity"] == "2")
    let node = try bench.client.request("node.register", ["name": "x"])
    #expect(node.result?["podCIDRs"] == ["10.245.0.0/24"], "\(node)")
    let refused = try bench.client.request("range.remove", ["name": "more"])
    #expect(refused.reason == "Conflict" && refused.data?["owner"]?["name"] == "x", "\(refused)")
    try bench.restart(killing: true)
    #expect(try bench.reserve("p", ["node": "x"]).result?["podIP"] == "10.245.0.2")
    let info = try bench.client.request("server.info")
    #expect(info.result?["clusterCIDRs"] == ["10.244.0.0/24", "10.245.0.0/23"], "\(info)")
    _ = try bench.client.request("node.release", ["name": "x", "force": true])
    #expect(try bench.client.request("range.remove", ["name": "more"]).result != nil)
    #expect(try bench.client.request("node.register", ["name": "x"]).reason == "Exhausted")
  }

  @Test func `nobody new gets an excluded address, and its holder keeps it`() throws {
    let bench = try PodBench.small(29, quarantineSeconds: 0)
    #expect(try bench.address("a") == "10.20.0.2")
    let excluded = try bench.client.request(
      "range.exclude", ["cidrs": ["10.20.0.2/31", "10.20.0.4/32"], "note": "printers"])
    #expect(excluded.result?["held"]?.list?.map { $0["name"]?.text } == ["a"], "\(excluded)")
    let block = try bench.client.request("range.get", ["cidr": "10.20.0.0/29"])
    #expect(block.result?["excluded"] == "2" && block.result?["free"] == "2", "\(block)")
    #expect(try bench.state("10.20.0.4") == "excluded")
    #expect(try bench.state("10.20.0.2") == "reserved")
    let fixed = try bench.reserve("s", ["ips": ["10.20.0.4"]])
    #expect(fixed.reason == "OutOfRange" && fixed.causes == ["ips[0] Invalid"], "\(fixed)")
    #expect(try bench.address("b") == "10.20.0.5")
    #expect(try bench.address("c") == "10.20.0.6")
    let full = try bench.reserve("d")
    #expect(full.reason == "Exhausted" && full.data?["excluded"] == "2", "\(full)")
    try bench.restart(killing: true)
    #expect(try bench.address("a") == "10.20.0.2", "its holder keeps it")
    _ = try bench.release("a")
    #expect(try bench.reserve("d").reason == "Exhausted")
    #expect(try bench.state("10.20.0.2") == "excluded")
    let back = try bench.client.request("range.include", ["cidrs": ["10.20.0.2/32"]])
    #expect(back.result?["items"]?.list?.isEmpty == false, "\(back)")
    #expect(try bench.address("d") == "10.20.0.2")
    #expect(try bench.state("10.20.0.3") == "excluded", "the other half stays out")
  }

  @Test func `excluding what is excluded writes nothing, and what lies nowhere is OutOfRange`()
    throws
  {
    let bench = try PodBench(Self.setup)
    let first = try bench.client.request("range.exclude", ["cidrs": ["10.96.0.64/26"]])
    #expect(first.result != nil, "\(first)")
    let again = try bench.client.request("range.exclude", ["cidrs": ["10.96.0.70/32"]])
    #expect(again.revision == first.revision, "\(again)")
    let nowhere = try bench.client.request("range.exclude", ["cidrs": ["8.8.8.0/24"]])
    let narrow = try bench.client.request("range.exclude", ["cidrs": ["10.244.0.1/29"]])
    #expect(narrow.causes == ["cidrs[0] Invalid"], "\(narrow)")
    #expect(nowhere.reason == "OutOfRange" && nowhere.causes == ["cidrs[0] Invalid"], "\(nowhere)")
    let empty = try bench.client.request("range.exclude", ["cidrs": []])
    #expect(empty.causes == ["cidrs Required"], "\(empty)")
    let service = try bench.client.request("range.get", ["name": "service-ipv4"])
    #expect(service.result?["excluded"] == "64")
  }

  @Test func `a node block that is excluded whole goes to no node`() throws {
    let bench = try PodBench(DaemonSetup(clusterCIDR: "10.244.0.0/22"), nodes: [:])
    _ = try bench.client.request("range.exclude", ["cidrs": ["10.244.0.0/23"]])
    let node = try bench.client.request("node.register", ["name": "w"])
    #expect(node.result?["podCIDRs"] == ["10.244.2.0/24"], "\(node)")
    let named = try bench.client.request(
      "node.register", ["name": "x", "podCIDRs": ["10.244.1.0/24"]])
    #expect(named.reason == "OutOfRange", "\(named)")
    let range = try bench.client.request("range.get", ["name": "pod-ipv4"])
    #expect(range.result?["excluded"] == "2" && range.result?["free"] == "1", "\(range)")
  }

  @Test func `each change of a range is one event, and the ledger agrees with memory`() throws {
    let bench = try PodBench(Self.setup)
    let start = try #require(try bench.newestRevision())
    _ = try bench.client.request("range.add", Self.pool)
    _ = try bench.client.request("range.drain", ["name": "pod-ipv4"])
    _ = try bench.client.request("range.exclude", ["cidrs": ["10.50.0.4/30"], "note": "spare"])
    _ = try bench.client.request("range.remove", ["name": "storage"])
    let read = try bench.client.request("ledger.read", ["after": .int(start)])
    let items = read.result?["items"]?.list ?? []
    #expect(items.map { $0["type"]?.text } == ["Reserved", "Updated", "Updated", "Released"])
    #expect(items.allSatisfy { $0["kind"] == "Range" })
    #expect(items.first?["object"]?["cidr"] == "10.50.0.0/29", "\(items)")
    #expect(items[1]["object"]?["state"] == "Draining")
    #expect(
      items[2]["object"]?["excluded"] == [["cidr": "10.50.0.4/30", "note": "spare"]], "\(items)")
    let verified = try bench.client.request("ledger.verify")
    #expect(verified.result?["ok"] == true, "\(verified)")
    try bench.restart()
    let again = try bench.client.request("ledger.verify")
    #expect(again.result?["ok"] == true, "\(again)")
    #expect(try bench.client.request("node.register", ["name": "y"]).reason == "Exhausted")
  }

  @Test func `a range that was added stands against a configuration that takes its addresses`()
    throws
  {
    let bench = try PodBench(Self.setup)
    _ = try bench.client.request("range.add", Self.pool)
    bench.client.close()
    try bench.daemon.stop()
    let setup = Self.setup.with { $0.yaml += "\npools: [{name: mine, cidrs: [10.50.0.0/24]}]" }
    let second = try DaemonProcess.launch(setup, in: bench.daemon.folder)
    #expect(try second.child.waitForExit() != .exited(0))
    let text = second.child.errorText
    #expect(text.contains("10.50.0.0/29") && text.contains("storage"), "\(text)")
  }

  @Test func `an address that is excluded while it rests goes on resting`() throws {
    let bench = try PodBench.small(quarantineSeconds: 1_000)
    for (name, address) in [("a", "10.20.0.2"), ("b", "10.20.0.3"), ("c", "10.20.0.5")] {
      #expect(try bench.address(name, ["ips": [.string(address)]]) == address)
    }
    _ = try bench.address("x", ["ips": ["10.20.0.4"]])
    try bench.release("x")
    let block: JSON = ["cidrs": ["10.20.0.4/32"]]
    _ = try bench.client.request("range.exclude", block)
    #expect(try bench.address("y") == "10.20.0.6")
    try bench.release("y")
    // Nothing is free: the oldest that rests and is not excluded serves.
    #expect(try bench.address("z") == "10.20.0.6")
    #expect(try bench.state("10.20.0.4") == "quarantined")
    _ = try bench.client.request("range.include", block)
    #expect(try bench.state("10.20.0.4") == "quarantined")
  }
}
