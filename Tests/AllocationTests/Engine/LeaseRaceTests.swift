import AddressBitmap
import Addressing
import Dispatch
import Foundation
import Testing

@testable import Allocation

/// Ends that meet renewals, releases and other ends.
@Suite(.timeLimit(.minutes(1))) struct LeaseRaceTests {
  @Test func `what is renewed while others end does not end with them`() throws {
    let bench = Bench()
    try bench.register("n0")
    let renewed = PodRequest(name: "renewed", ttlSeconds: 60)
    try bench.reserve(PodRequest(name: "over", ttlSeconds: 59, isSticky: true))
    try bench.reserve(renewed)
    bench.clock.advance(milliseconds: 61_000)
    var renewal = bench.emptyBatch()
    try bench.reserve(renewed, into: &renewal)
    let box = Locked<ChangeBatch?>(renewal)
    // The sticky pod's end looks at the clock: just then the renewal becomes durable.
    bench.clock.interrupt {
      guard var renewal = box.withLock({ $0.take() }) else { return }
      _ = try? bench.commit(&renewal)
    }
    #expect(try bench.expire() == 1)
    #expect(bench.get(renewed) != nil)
    #expect(bench.ledger.records.last?.type == .expired)
    #expect(try bench.expire() == 0)
  }

  @Test func `a kept time that a transaction ends is forgotten`() throws {
    let bench = Bench(.small.with { $0.stickySeconds = 100 })
    try bench.register("n0")
    let sticky = PodRequest(containerID: "a", isSticky: true)
    try bench.reserve(sticky)
    try bench.transact { batch in
      try bench.release(sticky.target, into: &batch)
      try bench.reserve(PodRequest(containerID: "b"), into: &batch)
    }
    #expect(bench.engine.leases.count == 0)
    // The entry of the first may serve anybody else now.
    try bench.reserve(PodRequest(containerID: "c"))
    bench.clock.advance(milliseconds: 200_000)
    #expect(try bench.expire() == 0)
    #expect(bench.engine.objectCounts.pods == 2)
  }

  @Test func `leases go on ending after rounds that came while one was under way`() throws {
    let gate = Gate()
    let isGated = Locked(false)
    let ledger = FakeLedger { step in
      if step == .commit, isGated.withLock({ $0 }) { gate.pass() }
    }
    let bench = try WriterBench(ledger)
    for name in ["a", "b", "c", "renewed"] {
      try bench.bench.reserve(PodRequest(name: name, ttlSeconds: 1))
    }
    var renewal = bench.bench.emptyBatch()
    try bench.bench.reserve(PodRequest(name: "renewed", ttlSeconds: 1), into: &renewal)
    bench.bench.clock.advance(milliseconds: 2_000)
    isGated.withLock { $0 = true }
    let keeper = LeaseKeeper(engine: bench.bench.engine, writer: bench.writer)
    keeper.start()
    #expect(gate.waitForArrival())
    // The renewal ends, which wakes the keeper, whose round is still being written.
    bench.bench.engine.takeBack(&renewal)
    bench.bench.clock.advance(milliseconds: 100)
    usleep(100_000)
    isGated.withLock { $0 = false }
    gate.open(2)
    #expect(eventually { bench.bench.engine.objectCounts.pods == 0 })
    keeper.stop()
    bench.writer.close()
  }

  private func eventually(_ condition: () -> Bool) -> Bool {
    let end = Date() + 10
    while !condition(), Date() < end { usleep(2_000) }
    return condition()
  }
}
