import Addressing
import Testing

@testable import Allocation

/// Contract §3.1: nothing shows a change before the ledger has it.
@Suite struct InFlightVisibilityTests {
  @Test func `a pod whose record is on its way is not seen by any read`() throws {
    let bench = Bench()
    try bench.register("n0")
    var batch = bench.emptyBatch()
    try bench.reserve(PodRequest(), into: &batch)
    #expect(bench.get(PodRequest()) == nil)
    #expect(bench.engine.list(.pod, after: nil, limit: 10).objects.isEmpty)
    #expect(bench.engine.objectCounts.pods == 0)
    let address = try #require(batch.addresses(at: 0).first)
    #expect(bench.engine.pod(holding: address) == nil)
    guard case .free = bench.engine.standing(of: address).standing else {
      Issue.record("an address that is not durable is free to those who ask")
      return
    }
    try bench.commit(&batch)
    #expect(bench.get(PodRequest()) != nil)
  }

  @Test func `a range counts what is durable, not what is on its way`() throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.reserve(PodRequest())
    var batch = bench.emptyBatch()
    try bench.reserve(PodRequest(name: "p1"), into: &batch)
    try bench.change(.reserve, "s0", into: &batch)
    let block = try cidr("10.244.0.0/28")
    #expect(bench.engine.range(of: block)?.range.reserved == 1)
    #expect(bench.engine.range(named: "service-ipv4")?.range.reserved == 0)
    try bench.commit(&batch)
    #expect(bench.engine.range(of: block)?.range.reserved == 2)
    #expect(bench.engine.range(named: "service-ipv4")?.range.reserved == 1)
  }

  @Test func `a node whose only pod is not durable yet is not refused for it`() throws {
    let bench = Bench()
    try bench.register("n0")
    var batch = bench.emptyBatch()
    try bench.reserve(PodRequest(), into: &batch)
    var other = bench.emptyBatch()
    let decision = try bench.engine.releaseNode(
      name: "n0", force: false, ifRevision: nil, actor: "test", into: &other,
      waiter: bench.waiter)
    guard case .wait = decision else {
      Issue.record("the release waits for the pod's fate, but \(decision)")
      return
    }
    bench.engine.takeBack(&batch)
    #expect(bench.waiter.count == 1)
  }

  @Test func `a second request for an owner in flight waits, and is answered as existing`() throws {
    let bench = Bench()
    try bench.register("n0")
    var batch = bench.emptyBatch()
    try bench.reserve(PodRequest(), into: &batch)
    guard case .wait = try bench.reserve(PodRequest(), into: &batch) else {
      Issue.record("it waits for the first")
      return
    }
    #expect(batch.count == 1)
    #expect(bench.waiter.count == 0)
    let revision = try bench.commit(&batch)
    #expect(bench.waiter.count == 1)
    guard case .answered(let answer) = try bench.reserve(PodRequest(), into: &batch) else {
      Issue.record("it is answered at once")
      return
    }
    #expect(answer.isExisting)
    #expect(answer.revision == revision)
  }

  @Test func `what a failed commit had claimed is free again, also for the same address`() throws {
    let bench = Bench()
    try bench.register("n0")
    let address = try ip("10.244.0.7")
    var batch = bench.emptyBatch()
    try bench.reserve(PodRequest(ips: [address]), into: &batch)
    guard case .wait = try bench.reserve(PodRequest(name: "p1", ips: [address]), into: &batch)
    else {
      Issue.record("who wants it meanwhile waits")
      return
    }
    bench.engine.takeBack(&batch)
    #expect(bench.engine.changesInFlight == 0)
    #expect(try bench.reserve(PodRequest(name: "p1", ips: [address])) == [address])
  }
}
