import Addressing
import Testing

@testable import Allocation

@Suite struct LeaseTests {
  private static let leased = PodRequest(ttlSeconds: 60)

  @Test func `a lease ends after its time, as one expired record, and not before`() throws {
    let bench = Bench()
    try bench.register("n0")
    let addresses = try bench.reserve(Self.leased)
    bench.clock.advance(milliseconds: 59_999)
    #expect(try bench.expire() == 0)
    bench.clock.advance(milliseconds: 1)
    #expect(try bench.expire() == 1)
    #expect(bench.get(Self.leased) == nil)
    #expect(bench.ledger.records.last?.type == .expired)
    #expect(bench.ledger.records.last?.actor == "ipledgerd")
    guard case .quarantined = bench.engine.standing(of: addresses[0]).standing else {
      Issue.record("an expired address rests")
      return
    }
  }

  @Test func `a repeat renews a lease, and one without a lease makes it permanent`() throws {
    let bench = Bench()
    try bench.register("n0")
    let addresses = try bench.reserve(Self.leased)
    let generation = bench.get(Self.leased)?.generation
    bench.clock.advance(milliseconds: 50_000)
    #expect(try bench.reserve(Self.leased) == addresses)
    #expect(bench.ledger.records.last?.type == .updated)
    #expect(bench.get(Self.leased)?.generation == generation)
    bench.clock.advance(milliseconds: 50_000)
    #expect(try bench.expire() == 0)
    #expect(try bench.reserve(PodRequest()) == addresses)
    bench.clock.advance(milliseconds: 500_000)
    #expect(try bench.expire() == 0)
    #expect(bench.get(PodRequest()) != nil)
    #expect(bench.engine.leases.count == 0)
  }

  @Test func `a permanent reservation becomes a lease when it is repeated with one`() throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.reserve(PodRequest(labels: ["k": "v"]))
    try bench.reserve(Self.leased)
    #expect(bench.get(Self.leased).map { PodObject($0.object).labels.count } == 1)
    bench.clock.advance(milliseconds: 60_000)
    #expect(try bench.expire() == 1)
  }

  @Test func `a lease does not end while its renewal is on the way`() throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.reserve(Self.leased)
    bench.clock.advance(milliseconds: 60_000)
    var renewal = bench.emptyBatch()
    try bench.reserve(Self.leased, into: &renewal)
    #expect(try bench.expire() == 0)
    try bench.commit(&renewal)
    #expect(try bench.expire() == 0)
    #expect(bench.get(Self.leased) != nil)
    bench.clock.advance(milliseconds: 60_000)
    #expect(try bench.expire() == 1)
  }

  @Test func `an end that could not be written is tried again`() throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.reserve(Self.leased)
    bench.clock.advance(milliseconds: 60_000)
    var batch = bench.emptyBatch()
    try bench.engine.expire(atMost: 10, actor: "", into: &batch, waiter: bench.waiter)
    #expect(batch.count == 1)
    bench.engine.takeBack(&batch)
    #expect(bench.get(Self.leased) != nil)
    #expect(try bench.expire() == 1)
  }

  @Test(arguments: [-3_600_000, 3_600_000, 400 * 86_400_000] as [Int64])
  func `a wall clock that jumps ends no lease early and keeps none longer`(jump: Int64) throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.reserve(Self.leased)
    bench.clock.jump(milliseconds: jump)
    bench.clock.advance(milliseconds: 59_000)
    #expect(try bench.expire() == 0)
    bench.clock.advance(milliseconds: 1_000)
    #expect(try bench.expire() == 1)
  }

  @Test(arguments: [true, false])
  func `a start gives what is left of a lease, and never more than the whole`(
    isDerived: Bool
  ) throws {
    var bench = Bench()
    try bench.register("n0")
    try bench.reserve(Self.leased)
    if isDerived { _ = try bench.ledger.derive(atMost: 100) }
    bench.clock.advance(milliseconds: 20_000)
    bench = try bench.restarted()
    bench.clock.advance(milliseconds: 39_000)
    #expect(try bench.expire() == 0)
    bench.clock.jump(milliseconds: -86_400_000)
    bench = try bench.restarted()
    bench.clock.advance(milliseconds: 59_000)
    #expect(try bench.expire() == 0)
    bench.clock.advance(milliseconds: 1_000)
    #expect(try bench.expire() == 1)
  }

  @Test func `a released lease has no end`() throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.reserve(Self.leased)
    try bench.release(Self.leased)
    #expect(bench.engine.leases.count == 0)
  }
}

@Suite struct LeaseQueueTests {
  @Test func `ends come in their order, renewed and removed ones not at all`() {
    let queue = LeaseQueue()
    let handles = (0..<2_000).map { ObjectHandle(kind: .pod, shard: 0, index: UInt32($0)) }
    for (index, handle) in handles.enumerated() {
      queue.set(handle, end: Int64(index * 7919 % 2_000))
    }
    for handle in handles[0..<500] { queue.remove(handle) }
    for handle in handles[500..<1_000] { queue.set(handle, end: 5_000) }
    let ended = queue.takeEnded(now: 1_999, atMost: .max).map { Int($0.index) }
    #expect(ended == (1_000..<2_000).sorted { $0 * 7919 % 2_000 < $1 * 7919 % 2_000 })
    #expect(queue.count == 500)
    #expect(queue.next == 5_000)
  }
}
