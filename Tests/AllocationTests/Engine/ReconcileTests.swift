import AddressBitmap
import Addressing
import FaultKit
import Testing

@testable import Allocation

@Suite struct ReconcileTests {
  @Test func `the gone are released in one commit, the living stay`() throws {
    let bench = try Self.bench()
    for name in ["a", "b", "c"] { try bench.reserve(Self.pod(name)) }
    bench.clock.advance(milliseconds: 60_000)
    let released = try Self.reconcile(bench, .containers([Self.bytes("b"): nil as Set<[UInt8]>?]))
    #expect(released == ["a", "c"])
    #expect(bench.get(Self.pod("b")) != nil)
    #expect(bench.engine.objectCounts.pods == 1)
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test func `a preview names them and changes nothing`() throws {
    let bench = try Self.bench()
    for name in ["a", "b"] { try bench.reserve(Self.pod(name)) }
    bench.clock.advance(milliseconds: 60_000)
    let before = bench.snapshot()
    #expect(try Self.reconcile(bench, .none, isDryRun: true) == ["a", "b"])
    #expect(bench.snapshot() == before)
  }

  @Test func `a young reservation stays, whatever the wall clock says`() throws {
    let bench = try Self.bench()
    try bench.reserve(Self.pod("old"))
    bench.clock.advance(milliseconds: 59_000)
    try bench.reserve(Self.pod("young"))
    bench.clock.jump(milliseconds: 400 * 86_400_000)
    bench.clock.advance(milliseconds: 1_000)
    #expect(try Self.reconcile(bench, .none) == ["old"])
    bench.clock.jump(milliseconds: -400 * 86_400_000)
    bench.clock.advance(milliseconds: 59_000)
    #expect(try Self.reconcile(bench, .none) == ["young"])
  }

  @Test func `age counts across a start`() throws {
    var bench = try Self.bench()
    try bench.reserve(Self.pod("a"))
    bench.clock.advance(milliseconds: 40_000)
    bench = try bench.restarted()
    try bench.reserve(Self.pod("b"))
    bench.clock.advance(milliseconds: 19_999)
    #expect(try Self.reconcile(bench, .none) == [])
    bench.clock.advance(milliseconds: 1)
    #expect(try Self.reconcile(bench, .none) == ["a"])
    bench.clock.advance(milliseconds: 40_000)
    #expect(try Self.reconcile(bench, .none) == ["b"])
  }

  @Test(arguments: [-400 * 86_400_000, -3_600_000, 3_600_000] as [Int64])
  func `a wall clock set while the daemon was down frees nobody young, and all in the end`(
    jump: Int64
  ) throws {
    var bench = try Self.bench()
    try bench.reserve(Self.pod("a"))
    bench.clock.jump(milliseconds: jump)
    bench = try bench.restarted()
    bench.clock.advance(milliseconds: 30_000)
    if jump < 0 { #expect(try Self.reconcile(bench, .none) == []) }
    // Nothing else has been committed since the start.
    bench.clock.advance(milliseconds: 30_000)
    #expect(try Self.reconcile(bench, .none) == ["a"])
  }

  @Test func `what is on its way is left alone`() throws {
    let bench = try Self.bench()
    try bench.reserve(Self.pod("renewed"))
    try bench.reserve(Self.pod("gone"))
    bench.clock.advance(milliseconds: 60_000)
    var batch = bench.emptyBatch()
    var renewal = Self.pod("renewed")
    renewal.labels = ["k": "v"]
    try bench.reserve(renewal, into: &batch)
    try bench.reserve(Self.pod("new"), into: &batch)
    #expect(try Self.reconcile(bench, .none, olderThanSeconds: 0) == ["gone"])
    try bench.commit(&batch)
    #expect(bench.engine.objectCounts.pods == 2)
  }

  @Test func `containers judge only reservations that have one`() throws {
    let bench = try Self.bench()
    try bench.reserve(PodRequest(name: "bare"))
    try bench.reserve(Self.pod("a", interface: "net1"))
    try bench.reserve(Self.pod("a"))
    bench.clock.advance(milliseconds: 60_000)
    let live: LiveOwners = .containers([Self.bytes("a"): [Self.bytes("net1")]])
    #expect(try Self.reconcile(bench, live) == ["a"])
    #expect(bench.get(Self.pod("a", interface: "net1")) != nil)
    #expect(bench.get(PodRequest(name: "bare")) != nil)
  }

  @Test func `pods judge every reservation, by their uid where both have one`() throws {
    let bench = try Self.bench()
    for request in [
      PodRequest(name: "bare"), PodRequest(name: "p", uid: "u1"), PodRequest(name: "q", uid: "u2"),
      PodRequest(name: "r", containerID: "c"),
    ] {
      try bench.reserve(request)
    }
    bench.clock.advance(milliseconds: 60_000)
    let live: LiveOwners = .names([
      Self.bytes("default\0p"): [Self.bytes("u1")], Self.bytes("default\0q"): [Self.bytes("u9")],
      Self.bytes("default\0bare"): [Self.bytes("u7")],
    ])
    #expect(try Self.reconcile(bench, live) == ["q", "r"])
  }

  @Test func `another node's pods are none of its business`() throws {
    let bench = try Self.bench()
    try bench.register("n1")
    try bench.reserve(PodRequest(node: "n1", name: "p"))
    bench.clock.advance(milliseconds: 60_000)
    #expect(try Self.reconcile(bench, .none) == [])
    #expect(throws: Refusal.self) { try Self.reconcile(bench, .none, node: "n7") }
  }

  @Test func `ages of many commits are never too old`() {
    let ages = RevisionAges(now: 0, wall: 0)
    for revision in 1...200_000 as ClosedRange<UInt64> {
      ages.note(revision: revision, at: Int64(revision) * 50)
    }
    let now: Int64 = 200_000 * 50
    for seconds in [0, 1, 10, 100, 1_000, 9_000] as [Int64] {
      let limit = ages.limits(olderThan: seconds * 1000, now: now).sinceStart
      #expect(Int64(limit) * 50 <= now - seconds * 1000)
      #expect(Int64(limit) * 50 >= now - seconds * 1000 - max(200, seconds * 10))
    }
  }

  private static func bench() throws -> Bench {
    let bench = Bench()
    try bench.register("n0")
    return bench
  }

  private static func pod(_ name: String, interface: String = "eth0") -> PodRequest {
    PodRequest(name: name, containerID: name, interface: interface)
  }

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// The names of the pods whose reservations were released, or would be.
  @discardableResult
  private static func reconcile(
    _ bench: Bench, _ live: LiveOwners, olderThanSeconds: Int = 60, isDryRun: Bool = false,
    node: String = "n0"
  ) throws -> [String] {
    var batch = bench.emptyBatch()
    let request = ReconcileRequest(
      node: bytes(node), network: bytes("default"), live: live,
      olderThanSeconds: olderThanSeconds, isDryRun: isDryRun, actor: "test")
    if case .answered(let found) = try bench.engine.reconcile(request, into: &batch) {
      #expect(batch.count == 0)
      return found.map { $0.object.keyMembers[2] }
    }
    var names: [String] = []
    for position in 0..<batch.count {
      let former = batch.changes[position].former
      names.append(try #require(former).object.keyMembers[2])
    }
    try bench.commit(&batch)
    return names
  }
}
