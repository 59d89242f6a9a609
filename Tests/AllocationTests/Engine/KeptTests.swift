import Addressing
import Testing

@testable import Allocation

/// What a sticky pod releases is kept for it.
@Suite struct KeptTests {
  private static let dual = ClusterConfiguration.small.with {
    $0.clusterCIDRs = ["10.244.0.0/25", "fd00::/121"].compactMap { CIDR($0) }
    $0.nodePrefixLengthIPv6 = 124
  }
  private static let pod = PodRequest(containerID: "a", isSticky: true)
  private static let next = PodRequest(containerID: "b", isSticky: true)

  private static func bench(
    _ change: (inout ClusterConfiguration) -> Void = { _ in }
  ) throws -> Bench {
    let bench = Bench(dual.with(change))
    try bench.register("n0")
    try bench.register("n1")
    return bench
  }

  @Test(arguments: ["a", "b", nil])
  func `the next reservation gets the kept addresses, whatever its container`(
    containerID: String?
  ) throws {
    let bench = try Self.bench()
    let kept = try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    #expect(bench.get(Self.pod) == nil)
    #expect(bench.engine.objectCounts.pods == 0)
    try bench.reserve(PodRequest(name: "other"))
    var batch = bench.emptyBatch()
    try bench.reserve(PodRequest(containerID: containerID), into: &batch)
    #expect(batch.addresses(at: batch.count - 1) == kept)
    try bench.commit(&batch)
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test func `kept addresses are nobody else's`() throws {
    let bench = try Self.bench()
    let kept = try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    guard case .reserved(_, _, _, isKept: true) = bench.engine.standing(of: kept[0]).standing else {
      Issue.record("what is kept is reserved")
      return
    }
    #expect(throws: Refusal.self) { try bench.reserve(PodRequest(name: "thief", ips: [kept[0]])) }
    for index in 0..<12 { #expect(try bench.reserve(PodRequest(name: "p\(index + 1)")) != kept) }
    #expect(throws: Refusal.self) { try bench.reserve(PodRequest(name: "full")) }
  }

  @Test(arguments: [
    PodRequest(name: "p1"), PodRequest(namespace: "other"), PodRequest(interface: "net1"),
    PodRequest(node: "n1"),
  ])
  func `another pod, interface or node does not get them, and they stay`(other: PodRequest) throws {
    let bench = try Self.bench()
    let kept = try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    #expect(try bench.reserve(other) != kept)
    var batch = bench.emptyBatch()
    try bench.reserve(Self.next, into: &batch)
    #expect(batch.addresses(at: batch.count - 1) == kept)
  }

  @Test func `what the next reservation does not take over is freed`() throws {
    let bench = try Self.bench { $0.quarantineSeconds = 0 }
    let kept = try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    try bench.reserve(PodRequest(containerID: "b", families: [.ipv4]))
    guard case .reserved = bench.engine.standing(of: kept[0]).standing,
      case .free = bench.engine.standing(of: kept[1]).standing
    else {
      Issue.record("IPv4 is taken over and IPv6 is free")
      return
    }
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test func `a static address may be asked for instead of the kept one`() throws {
    let bench = try Self.bench()
    let kept = try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    var batch = bench.emptyBatch()
    try bench.reserve(PodRequest(containerID: "b", ips: [try ip("10.244.0.9")]), into: &batch)
    #expect(batch.addresses(at: 1) == [try ip("10.244.0.9"), kept[1]])
    try bench.commit(&batch)
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test func `the same key on another node ends what is kept here`() throws {
    let bench = try Self.bench { $0.quarantineSeconds = 0 }
    let kept = try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    var elsewhere = Self.pod
    elsewhere.node = "n1"
    elsewhere.ips = [kept[0]]
    #expect(throws: Refusal.self) { try bench.reserve(elsewhere) }
    elsewhere.ips = []
    try bench.reserve(elsewhere)
    guard case .free = bench.engine.standing(of: kept[0]).standing else {
      Issue.record("a key has one object")
      return
    }
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test func `a reservation that fails to become durable leaves them kept`() throws {
    let bench = try Self.bench()
    try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    let before = bench.snapshot()
    var batch = bench.emptyBatch()
    try bench.reserve(Self.next, into: &batch)
    #expect(batch.count == 2)
    bench.engine.takeBack(&batch)
    #expect(bench.snapshot() == before)
  }

  @Test func `whoever comes while they change hands waits`() throws {
    let bench = try Self.bench()
    try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    var batch = bench.emptyBatch()
    try bench.reserve(Self.next, into: &batch)
    var other = bench.emptyBatch()
    for request in [PodRequest(containerID: "c"), Self.pod, Self.next] {
      guard case .wait = try bench.reserve(request, into: &other) else {
        Issue.record("\(request) waits")
        return
      }
    }
    try bench.commit(&batch)
    #expect(other.count == 0)
  }

  @Test func `forgetting frees them once, and leaves what is held`() throws {
    let bench = try Self.bench()
    try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    try bench.reserve(PodRequest(interface: "net1", isSticky: true))
    #expect(try forget(bench) == 1)
    #expect(try forget(bench) == 0)
    #expect(bench.engine.objectCounts.pods == 1)
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test(arguments: [true, false])
  func `they are freed after their time, counted across a start`(isDerived: Bool) throws {
    var bench = try Self.bench { $0.stickySeconds = 100 }
    try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    if isDerived { _ = try bench.ledger.derive(atMost: 100) }
    bench.clock.advance(milliseconds: 60_000)
    bench = try bench.restarted()
    #expect(bench.snapshot().contains { $0.hasSuffix("kept") })
    bench.clock.advance(milliseconds: 39_000)
    #expect(try bench.expire() == 0)
    bench.clock.advance(milliseconds: 1_000)
    #expect(try bench.expire() == 1)
    #expect(bench.ledger.records.last?.type == .expired)
    #expect(!bench.snapshot().contains { $0.hasSuffix("kept") })
  }

  @Test func `a lease that ends keeps a sticky pod's addresses`() throws {
    let bench = try Self.bench()
    let kept = try bench.reserve(PodRequest(ttlSeconds: 5, isSticky: true))
    bench.clock.advance(milliseconds: 5_000)
    #expect(try bench.expire() == 1)
    var batch = bench.emptyBatch()
    try bench.reserve(PodRequest(), into: &batch)
    #expect(batch.addresses(at: 1) == kept)
  }

  @Test func `a node goes with what is kept on it by force alone`() throws {
    let bench = try Self.bench()
    try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    #expect(throws: Refusal.self) { try releaseNode(bench, force: false) }
    try releaseNode(bench, force: true)
    #expect(bench.engine.directory.all.map(\.name) == [Array("n1".utf8)])
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test func `they do not move the cursor, before a start and after it`() throws {
    var bench = try Self.bench { $0.quarantineSeconds = 0 }
    try bench.reserve(Self.pod)
    try bench.release(Self.pod)
    let last = try bench.reserve(PodRequest(name: "p5"))
    try bench.reserve(Self.next)
    bench = try bench.restarted()
    let following = try bench.reserve(PodRequest(name: "p6"))
    #expect(following[0].value == last[0].value + 1)
  }

  @Test func `stickiness is part of the request`() throws {
    let bench = try Self.bench()
    try bench.reserve(Self.pod)
    #expect(throws: Refusal.self) { try bench.reserve(PodRequest(containerID: "a")) }
  }

  private func forget(_ bench: Bench) throws -> Int {
    var batch = bench.emptyBatch()
    _ = try bench.engine.forgetPod(
      network: Array("default".utf8), namespace: Array("default".utf8), name: Array("p0".utf8),
      actor: "test", into: &batch, waiter: bench.waiter)
    let count = batch.count
    if count > 0 { try bench.commit(&batch) }
    return count
  }

  private func releaseNode(_ bench: Bench, force: Bool) throws {
    var batch = bench.emptyBatch()
    _ = try bench.engine.releaseNode(
      name: "n0", force: force, ifRevision: nil, actor: "test", into: &batch,
      waiter: bench.waiter)
    try bench.commit(&batch)
  }
}
