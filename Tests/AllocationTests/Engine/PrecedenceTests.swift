import Addressing
import Policy
import Testing

@testable import Allocation

/// Contract §2: InvalidParams first, then static addresses in family order, then automatic ones.
@Suite struct PrecedenceTests {
  @Test(arguments: [ServiceRequest.Verb.reserve, .update, .adopt])
  func `a spec that is invalid by itself is InvalidParams, whatever is stored`(
    _ verb: ServiceRequest.Verb
  ) throws {
    let bench = Bench()
    var batch = bench.emptyBatch()
    try bench.change(.reserve, "s0", into: &batch)
    try bench.commit(&batch)
    do throws(Refusal) {
      try bench.change(verb, "s0", ServiceSpec(type: "Bogus"), ifRevision: 99, into: &batch)
      Issue.record("it is refused")
    } catch {
      guard case .invalid = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func `of two static addresses that cannot be had, the first family's is named`() throws {
    let bench = Bench(
      .small.with { $0.clusterCIDRs.append(contentsOf: ["fd00::/60"].compactMap { CIDR($0) }) })
    try bench.register("n0")
    let taken = try [ip("10.244.0.7"), ip("fd00::7")]
    try bench.reserve(PodRequest(ips: taken))
    var batch = bench.emptyBatch()
    do throws(Refusal) {
      try bench.reserve(PodRequest(name: "p1", ips: taken.reversed()), into: &batch)
      Issue.record("it is refused")
    } catch {
      guard case .alreadyReserved(taken[0], field: "ips[1]", _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func `a range shows no rest that is over`() throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.reserve(PodRequest())
    try bench.release(PodRequest())
    let block = try cidr("10.244.0.0/28")
    #expect(bench.engine.range(of: block)?.range.quarantined == 1)
    bench.clock.advance(milliseconds: 30_000)
    #expect(bench.engine.range(of: block)?.range.quarantined == 0)
  }
}
