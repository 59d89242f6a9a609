import Addressing
import Testing

@testable import Allocation

/// Draining and excluding: nobody new from the first step on, and nothing to see before it is
/// durable.
@Suite struct RangeClosingTests {
  private let bench = Bench()
  private let block = CIDR("10.244.0.0/28")

  @Test func `what is about to be excluded goes to nobody and shows in nothing`() throws {
    try bench.register("n0")
    #expect(try bench.reserve(PodRequest()) == [ip("10.244.0.2")])
    let closing = try close(.exclude([cidr("10.244.0.0/29")], note: nil))
    #expect(try bench.reserve(PodRequest(name: "p1")) == [ip("10.244.0.8")])
    guard case .free = bench.engine.standing(of: try ip("10.244.0.3")).standing else {
      Issue.record("an exclusion that is not durable is not seen")
      return
    }
    #expect(bench.engine.range(of: try #require(block))?.range.excluded == 0)
    var batch = bench.emptyBatch()
    bench.engine.record(closing, into: &batch)
    try bench.commit(&batch)
    #expect(bench.engine.range(of: try #require(block))?.range.excluded == 5)
    #expect(bench.engine.changesInFlight == 0)
  }

  @Test func `a refusal that an exclusion on its way causes waits for its fate`() throws {
    try bench.register("n0")
    let closing = try close(.exclude([cidr("10.244.0.0/28")], note: nil))
    for request in [PodRequest(), PodRequest(ips: [try ip("10.244.0.3")])] {
      let refusal = #expect(throws: Refusal.self) { try bench.reserve(request) }
      #expect(bench.engine.isProvisional(try #require(refusal), waiter: bench.waiter))
    }
    var batch = bench.emptyBatch()
    bench.engine.record(closing, into: &batch)
    bench.engine.takeBack(&batch)
    #expect(bench.waiter.count == 1)
    #expect(try bench.reserve(PodRequest()) == [ip("10.244.0.2")])
    #expect(try bench.reserve(PodRequest(name: "p1", ips: [try ip("10.244.0.9")])).count == 1)
  }

  @Test func `a refusal for what is excluded durably is final`() throws {
    try bench.register("n0")
    try exclude("10.244.0.0/28")
    let refusal = #expect(throws: Refusal.self) { try bench.reserve(PodRequest()) }
    #expect(!bench.engine.isProvisional(try #require(refusal), waiter: bench.waiter))
  }

  @Test func `a node whose registration was on its way learns what was excluded meanwhile`() throws
  {
    var batch = bench.emptyBatch()
    try bench.register("n0", into: &batch)
    try exclude("10.244.0.0/29")
    try bench.commit(&batch)
    #expect(try bench.reserve(PodRequest()) == [ip("10.244.0.8")])
  }

  @Test func `a range that is about to drain hands out nothing, and is Active until it is durable`()
    throws
  {
    let closing = try close(.drain(.name("service-ipv4")))
    var batch = bench.emptyBatch()
    #expect(throws: Refusal.self) { try bench.change(.reserve, "s0", into: &batch) }
    #expect(bench.engine.range(named: "service-ipv4")?.range.isDraining == false)
    bench.engine.record(closing, into: &batch)
    bench.engine.takeBack(&batch)
    batch = bench.emptyBatch()
    try bench.change(.reserve, "s0", into: &batch)
    try bench.commit(&batch)
    let again = try close(.drain(.name("service-ipv4")))
    bench.engine.record(again, into: &batch)
    try bench.commit(&batch)
    #expect(bench.engine.range(named: "service-ipv4")?.range.isDraining == true)
  }

  @Test func `while one change of the exclusions is on its way another one waits`() throws {
    _ = try close(.exclude([cidr("10.96.0.0/29")], note: nil))
    guard
      case .wait = try bench.engine.closeRanges(
        .exclude([cidr("10.96.0.8/29")], note: nil), actor: "test", waiter: bench.waiter)
    else {
      Issue.record("its list begins with the other one's")
      return
    }
  }

  private func exclude(_ text: String) throws {
    var batch = bench.emptyBatch()
    bench.engine.record(try close(.exclude([cidr(text)], note: nil)), into: &batch)
    try bench.commit(&batch)
  }

  private func close(_ request: RangeClosingRequest) throws -> RangeClosing {
    let decision = try bench.engine.closeRanges(request, actor: "test", waiter: bench.waiter)
    guard case .closed(let closing) = decision else {
      Issue.record("\(decision)")
      throw Refusal.overloaded
    }
    return closing
  }
}
