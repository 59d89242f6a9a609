import FaultKit
import Testing

/// Which address comes next, and how long a released one rests.
@Suite(.ownThreads) struct PodOrderTests {
  @Test func `the next address follows the last one handed out and wraps`() throws {
    let bench = try PodBench.small(quarantineSeconds: 0)
    let first = try ["a", "b", "c"].map { try bench.address($0) }
    #expect(first == ["10.20.0.2", "10.20.0.3", "10.20.0.4"])
    try bench.release("b")
    #expect(try bench.address("d") == "10.20.0.5", "what was just released comes back last")
    try bench.release("a")
    #expect(try bench.address("static", ["ips": ["10.20.0.2"]]) == "10.20.0.2")
    #expect(try bench.address("e") == "10.20.0.6", "a static request moves nothing")
    #expect(try bench.address("f") == "10.20.0.3", "it wraps to the first free one")
    let full = try bench.reserve("g")
    #expect(full.code == -32001, "\(full)")
    #expect(full.data?["range"] == "10.20.0.0/29" && full.data?["family"] == "IPv4")
    #expect(full.data?["capacity"] == "5" && full.data?["reserved"] == "5", "\(full)")
  }

  @Test(arguments: [false, true])
  func `the order goes on after a restart`(isKilled: Bool) throws {
    let bench = try PodBench(.dual.with { $0.yaml = "quarantineSeconds: 0" })
    for name in ["a", "b", "c"] { _ = try bench.reserve(name) }
    try bench.release("b")
    try bench.release("c")
    try bench.restart(killing: isKilled)
    let next = try bench.reserve("d")
    #expect(next.result?["podIPs"] == ["10.244.0.5", "fd00:10:244::5"], "\(next)")
  }

  @Test func `each family has an order of its own`() throws {
    let bench = try PodBench()
    _ = try bench.reserve("a", ["ipFamilies": ["IPv4"]])
    _ = try bench.reserve("b", ["ipFamilies": ["IPv4"]])
    let both = try bench.reserve("c")
    #expect(both.result?["podIPs"] == ["10.244.0.4", "fd00:10:244::2"], "\(both)")
  }

  @Test func `when one family is full neither is touched`() throws {
    let bench = try PodBench(.dual, nodes: ["w": ["10.244.7.0/30", "fd00:10:244:7::/125"]])
    #expect(try bench.reserve("a").result?["podIPs"] == ["10.244.7.2", "fd00:10:244:7::2"])
    let full = try bench.reserve("b")
    #expect(full.data?["range"] == "10.244.7.0/30", "\(full)")
    let six = try bench.client.request("range.get", ["cidr": "fd00:10:244:7::/125"])
    #expect(six.result?["reserved"] == "1", "\(six)")
    let alone = try bench.reserve("c", ["ipFamilies": ["IPv6"]])
    #expect(alone.result?["podIPs"] == ["fd00:10:244:7::3"], "\(alone)")
  }

  @Test func `blocks of few addresses hand out what they have`() throws {
    let blocks: [(String, [String])] = [
      ("10.244.7.0/30", ["10.244.7.2"]), ("10.244.7.8/31", []), ("10.244.7.12/32", []),
      ("fd00:10:244:7::/126", ["fd00:10:244:7::2", "fd00:10:244:7::3"]),
      ("fd00:10:244:7::8/127", []), ("fd00:10:244:7::c/128", []),
    ]
    let bench = try PodBench()
    for (block, addresses) in blocks {
      let node: JSON = ["name": .string(block), "podCIDRs": [.string(block)]]
      #expect(try bench.client.request("node.register", node).result != nil, "\(block)")
      for (index, address) in addresses.enumerated() {
        let got = try bench.address("\(block) \(index)", ["node": .string(block)])
        #expect(got == address, "\(block)")
      }
      let full = try bench.reserve("\(block) last", ["node": .string(block)])
      #expect(full.reason == "Exhausted", "\(block): \(full)")
      #expect(full.data?["capacity"] == .string(String(addresses.count)), "\(block): \(full)")
    }
  }

  @Test func `a resting address is taken when nothing else is free, the oldest first`() throws {
    let bench = try PodBench.small()
    for name in ["a", "b", "c", "d", "e"] { _ = try bench.reserve(name) }
    for name in ["c", "a", "e"] { try bench.release(name) }
    #expect(try bench.state("10.20.0.4") == "quarantined")
    let taken = try ["f", "g", "h"].map { try bench.address($0) }
    #expect(taken == ["10.20.0.4", "10.20.0.2", "10.20.0.6"])
    #expect(try bench.reserve("i").reason == "Exhausted")
  }

  @Test func `a free address is preferred to a resting one`() throws {
    let bench = try PodBench.small()
    for name in ["a", "b", "c"] { _ = try bench.reserve(name) }
    try bench.release("a")
    #expect(
      try ["d", "e", "f"].map { try bench.address($0) }
        == ["10.20.0.5", "10.20.0.6", "10.20.0.2"])
  }

  @Test func `a strict rest is kept against everybody, restarts too`() throws {
    let bench = try PodBench.small(quarantineSeconds: 600, isStrict: true)
    for name in ["a", "b", "c", "d", "e"] { _ = try bench.reserve(name) }
    try bench.release("b")
    for isKilled in [false, true] {
      let full = try bench.reserve("f")
      #expect(full.reason == "Exhausted", "\(full)")
      #expect(full.data?["reserved"] == "4" && full.data?["quarantined"] == "1", "\(full)")
      let wanted = try bench.reserve("g", ["ips": ["10.20.0.3"]])
      #expect(wanted.error != nil, "\(wanted)")
      #expect(try bench.state("10.20.0.3") == "quarantined")
      try bench.restart(killing: isKilled)
    }
  }

  @Test func `a static request may take an address that rests`() throws {
    let bench = try PodBench.small()
    _ = try bench.reserve("a")
    try bench.release("a")
    #expect(try bench.address("b", ["ips": ["10.20.0.2"]]) == "10.20.0.2")
    #expect(try bench.state("10.20.0.2") == "reserved")
    let block = try bench.client.request("range.get", ["cidr": "10.20.0.0/29"])
    #expect(block.result?["quarantined"] == "0", "\(block)")
  }

  @Test(arguments: [false, true])
  func `a rest ends when its time is over`(isRestarted: Bool) throws {
    let bench = try PodBench.small(30, quarantineSeconds: 2, isStrict: true)
    #expect(try bench.address("a") == "10.20.0.2")
    let start = Deadline.now
    try bench.release("a")
    if isRestarted { try bench.restart(killing: true) }
    let early = try bench.reserve("b")
    #expect(early.reason == "Exhausted", "\(early)")
    let got = try eventually("the end of the rest") { try bench.address("b") }
    let seconds = Double(Deadline.now - start) / 1e9
    #expect(got == "10.20.0.2")
    #expect(seconds > 1.5, "it rested only \(seconds) s")
    #expect(seconds < 15, "it rested \(seconds) s")
  }
}
