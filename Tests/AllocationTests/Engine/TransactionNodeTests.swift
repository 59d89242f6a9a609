import AddressBitmap
import Addressing
import Testing

@testable import Allocation

/// Nodes that go and come in one transaction: their blocks are free in it, and nowhere else.
@Suite struct TransactionNodeTests {
  /// A cluster of two blocks, both taken by `n0` and `n1`.
  private static func full() throws -> Bench {
    let bench = Bench(.small.with { $0.clusterCIDRs = ["10.244.0.0/27"].compactMap { CIDR($0) } })
    for name in ["n0", "n1"] { try bench.register(name) }
    return bench
  }

  private static func blocks(_ bench: Bench, _ name: String) -> [String]? {
    bench.engine.get(.node, key: Array(name.utf8)).map {
      NodeObject($0.object).podCIDRs.map(\.description)
    }
  }

  @Test(arguments: [nil, ["10.244.0.0/28"], ["10.244.0.8/29"]])
  func `the next one gets what is released`(podCIDRs: [String]?) throws {
    let bench = try Self.full()
    try bench.transact { batch in
      try bench.releaseNode("n0", into: &batch)
      try bench.register("n2", podCIDRs: podCIDRs, into: &batch)
      try bench.reserve(PodRequest(node: "n2"), into: &batch)
    }
    #expect(Self.blocks(bench, "n0") == nil)
    #expect(Self.blocks(bench, "n2") == podCIDRs ?? ["10.244.0.0/28"])
    #expect(bench.violations == [])
    let restarted = try bench.restarted()
    #expect(restarted.snapshot() == bench.snapshot())
    #expect(restarted.nextChoices() == bench.nextChoices())
  }

  @Test func `a node that is registered again starts afresh, with addresses that were held`() throws
  {
    let bench = try Self.full()
    let held = try bench.reserve(PodRequest(name: "a"))
    try bench.transact { batch in
      try bench.releaseNode("n0", force: true, into: &batch)
      try bench.register("n0", podCIDRs: ["10.244.0.0/28"], into: &batch)
      try bench.reserve(PodRequest(name: "b", ips: held), into: &batch)
      try bench.reserve(PodRequest(name: "c"), into: &batch)
    }
    #expect(bench.get(PodRequest(name: "a")) == nil)
    let holder = try #require(bench.engine.pod(holding: held[0]))
    #expect(holder.object == bench.get(PodRequest(name: "b"))?.object)
    #expect(bench.violations == [])
    #expect(try bench.restarted().snapshot() == bench.snapshot())
  }

  @Test func `what is free in one transaction is taken for all others`() throws {
    let bench = try Self.full()
    var batch = bench.emptyBatch()
    bench.engine.beginTransaction(in: &batch)
    try bench.releaseNode("n0", into: &batch)
    var other = bench.emptyBatch()
    #expect(throws: Refusal.self) { try bench.register("x", into: &other) }
    guard case .wait = try bench.register("x", podCIDRs: ["10.244.0.0/28"], into: &other) else {
      Issue.record("the block's node is about to go")
      return
    }
    try bench.register("n2", into: &batch)
    bench.engine.endTransaction(in: &batch)
    #expect(throws: Refusal.self) { try bench.register("x", into: &other) }
    #expect(Self.blocks(bench, "n0") == ["10.244.0.0/28"], "still there for everybody")
    guard case .free = bench.engine.standing(of: try ip("10.244.0.5")).standing else {
      Issue.record("its addresses are still its own")
      return
    }
    try bench.commit(&batch)
    #expect(bench.violations == [])
    #expect(other.count == 0)
  }

  @Test func `a node that is about to be replaced is seen until it is`() throws {
    let bench = try Self.full()
    var batch = bench.emptyBatch()
    bench.engine.beginTransaction(in: &batch)
    for _ in 0..<3 {
      try bench.releaseNode("n0", into: &batch)
      try bench.register("n0", into: &batch)
    }
    bench.engine.endTransaction(in: &batch)
    #expect(Self.blocks(bench, "n0") == ["10.244.0.0/28"])
    try bench.commit(&batch)
    #expect(Self.blocks(bench, "n0") == ["10.244.0.0/28"])
    #expect(bench.violations == [])
    #expect(try bench.restarted().snapshot() == bench.snapshot())
  }

  @Test(arguments: [true, false])
  func `what comes to nothing leaves blocks and their order as they were`(isAbandoned: Bool) throws
  {
    let bench = Bench()
    // The choice stands at the first block again; of eight, the first and the third are taken.
    for index in 0..<8 { try bench.register("n\(index)") }
    for index in [1, 3, 4, 5, 6, 7] {
      var batch = bench.emptyBatch()
      try bench.releaseNode("n\(index)", into: &batch)
      try bench.commit(&batch)
    }
    let before = bench.snapshot() + bench.nextChoices()
    var batch = bench.emptyBatch()
    bench.engine.beginTransaction(in: &batch)
    try bench.releaseNode("n0", into: &batch)
    try bench.register("a", into: &batch)
    try bench.register("b", into: &batch)
    try bench.releaseNode("n2", into: &batch)
    try bench.register("c", into: &batch)
    try bench.releaseNode("a", into: &batch)
    try bench.register("d", podCIDRs: ["10.244.0.0/28"], into: &batch)
    #expect(
      bench.nextChoices().last == "10.244.0.0/25: 10.244.0.48/28", "the first three are taken")
    if isAbandoned {
      bench.engine.abandonTransaction(in: &batch)
    } else {
      bench.engine.endTransaction(in: &batch)
      bench.engine.takeBack(&batch)
    }
    #expect(bench.snapshot() + bench.nextChoices() == before)
    #expect(bench.violations == [])
  }

  @Test func `a released block is not there twice`() throws {
    let bench = try Self.full()
    #expect(throws: Refusal.self) {
      try bench.transact { batch in
        try bench.releaseNode("n0", into: &batch)
        try bench.register("a", into: &batch)
        try bench.register("b", into: &batch)
      }
    }
    #expect(throws: Refusal.self) {
      try bench.transact { batch in
        try bench.releaseNode("n0", into: &batch)
        try bench.register("a", podCIDRs: ["10.244.0.0/29"], into: &batch)
        try bench.register("b", podCIDRs: ["10.244.0.4/30"], into: &batch)
      }
    }
    #expect(bench.violations == [])
  }
}
