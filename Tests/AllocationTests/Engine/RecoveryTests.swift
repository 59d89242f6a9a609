import Addressing
import Testing

@testable import Allocation

/// Starts from a ledger whose state is derived up to any record.
@Suite struct RecoveryTests {
  @Test(arguments: 0...4)
  func `reservations that were released do not bind the ranges, derived or not`(
    _ derived: Int
  ) async {
    await #expect(processExitsWith: .success) { [derived] in
      let bench = Bench()
      var batch = bench.emptyBatch()
      try bench.change(.reserve, "s0", into: &batch)
      try bench.commit(&batch)
      try bench.register("n0")
      try bench.engine.releaseServiceOfTest("s0", into: &batch)
      try bench.commit(&batch)
      _ = try bench.engine.releaseNode(
        name: "n0", force: false, ifRevision: nil, actor: "test", into: &batch,
        waiter: bench.waiter)
      try bench.commit(&batch)
      _ = try bench.ledger.derive(atMost: derived)
      let moved = try bench.restarted(
        ClusterConfiguration.small.with { configuration in
          configuration.serviceRanges = ["10.97.0.0/27"].compactMap { CIDR($0) }
          configuration.clusterCIDRs = ["10.245.0.0/25"].compactMap { CIDR($0) }
        })
      #expect(moved.engine.revision == 4)
    }
  }

  @Test func `reservations in no configured range stop the start and are named`() throws {
    let bench = Bench()
    var batch = bench.emptyBatch()
    try bench.change(.reserve, "s0", into: &batch)
    try bench.commit(&batch)
    do {
      _ = try bench.restarted(
        ClusterConfiguration.small.with { configuration in
          configuration.serviceRanges = ["10.97.0.0/27"].compactMap { CIDR($0) }
        })
      Issue.record("it does not start")
    } catch let failure as RecoveryFailure {
      #expect(failure.message.contains("Service default/s0"))
    }
  }

  @Test(arguments: 0...4)
  func `counts, cursors and rests are as before`(_ derived: Int) throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.reserve(PodRequest())
    try bench.reserve(PodRequest(name: "p1"))
    try bench.release(PodRequest())
    _ = try bench.ledger.derive(atMost: derived)
    let restarted = try bench.restarted()
    #expect(restarted.engine.objectCounts.pods == 1)
    #expect(restarted.engine.objectCounts.nodes == 1)
    let rested = try ip("10.244.0.2")
    guard case .quarantined = restarted.engine.standing(of: rested).standing else {
      Issue.record("\(rested) rests")
      return
    }
    #expect(try restarted.reserve(PodRequest(name: "p2")) == [ip("10.244.0.4")])
  }

  @Test(arguments: 0...6)
  func `addresses of one commit end their rest in the order of their release`(
    _ derived: Int
  ) throws {
    let bench = Bench(.small.with { $0.nodePrefixLengthIPv4 = 29 })
    try bench.register("n0")
    var names = (0..<5).map { "p\($0)" }
    for name in names { try bench.reserve(PodRequest(name: name)) }
    var batch = bench.emptyBatch()
    for name in ["p3", "p1"] { try bench.release(PodRequest(name: name).target, into: &batch) }
    try bench.commit(&batch)
    _ = try bench.ledger.derive(atMost: derived)
    names = ["q0", "q1"]
    let restarted = try bench.restarted()
    let order = try names.map { try restarted.reserve(PodRequest(name: $0)) }
    #expect(try order == [[ip("10.244.0.5")], [ip("10.244.0.3")]])
  }
}

extension AllocationEngine {
  func releaseServiceOfTest(_ name: String, into batch: inout ChangeBatch) throws {
    _ = try releaseService(
      namespace: "default", name: name, ifRevision: nil, actor: "test", into: &batch,
      waiter: DeafWaiter())
  }
}
