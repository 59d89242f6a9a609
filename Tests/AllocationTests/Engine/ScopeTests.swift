import Addressing
import Testing

@testable import Allocation

/// Who has to keep to one node changes nothing on another.
@Suite struct ScopeTests {
  private static func bench() throws -> Bench {
    let bench = Bench(.small)
    try bench.register("n0")
    try bench.register("n1")
    return bench
  }

  private static func release(
    _ target: PodTarget, scope: String, ifRevision: UInt64? = nil, on bench: Bench
  ) throws -> Int {
    var batch = bench.emptyBatch()
    _ = try bench.engine.releasePods(
      target, ifRevision: ifRevision, scope: Array(scope.utf8), actor: "a", into: &batch,
      waiter: bench.waiter)
    let count = batch.count
    if count > 0 { try bench.commit(&batch) }
    return count
  }

  @Test func `all pods of a name are released on one node, or none of them`() throws {
    let bench = try Self.bench()
    try bench.reserve(PodRequest(containerID: "a"))
    let other = try bench.reserve(PodRequest(node: "n1", containerID: "b"))
    let before = bench.snapshot()
    let everything = PodTarget.everything(namespace: Array("default".utf8), name: Array("p0".utf8))
    #expect(throws: Refusal.outOfScope) {
      try Self.release(everything, scope: "n0", on: bench)
    }
    #expect(bench.snapshot() == before)
    #expect(throws: Refusal.outOfScope) {
      try Self.release(.address(other[0]), scope: "n0", ifRevision: 99, on: bench)
    }
    #expect(try Self.release(.address(other[0]), scope: "n1", on: bench) == 1)
    #expect(try Self.release(everything, scope: "n0", on: bench) == 1)
  }

  @Test func `what is kept on another node stays kept`() throws {
    let bench = try Self.bench()
    let sticky = PodRequest(node: "n1", containerID: "a", isSticky: true)
    try bench.reserve(sticky)
    try bench.release(sticky)
    let before = bench.snapshot()
    var request = PodRequest(containerID: "a", isSticky: true)
    request.keepsToNode = true
    #expect(throws: Refusal.outOfScope) { try bench.reserve(request) }
    var batch = bench.emptyBatch()
    #expect(throws: Refusal.outOfScope) {
      try bench.engine.forgetPod(
        network: Array("default".utf8), namespace: Array("default".utf8), name: Array("p0".utf8),
        scope: Array("n0".utf8), actor: "a", into: &batch, waiter: bench.waiter)
    }
    #expect(batch.count == 0)
    #expect(bench.snapshot() == before)
    request.keepsToNode = false
    try bench.reserve(request)
  }
}
