import AddressBitmap
import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Allocation

@Suite(.timeLimit(.minutes(1))) struct LedgerWriterTests {
  @Test func `a lone batch is durable when submit returns`() throws {
    let bench = try WriterBench()
    bench.writer.submit(try bench.batch("p0"))
    #expect(bench.bench.ledger.commits == [1, 1])
    #expect(bench.settled.count == 1)
    #expect(bench.bench.get(PodRequest()) != nil)
    #expect(bench.statistics.commits == 1)
    #expect(bench.statistics.records == 1)
    bench.writer.close()
  }

  @Test func `what queues during a commit is the next commit, in the order of submission`() throws {
    let gate = Gate()
    let bench = try gatedBench(gate)
    let lone = try bench.batch("p0")
    bench.submitElsewhere(lone)
    #expect(gate.waitForArrival())
    for name in ["p1", "p2", "p3"] { bench.writer.submit(try bench.batch(name)) }
    #expect(bench.settled.isEmpty)
    #expect(bench.bench.engine.objectCounts.pods == 0)
    gate.open(2)
    #expect(bench.wait { bench.settled.count == 4 })
    #expect(bench.bench.ledger.commits == [1, 1, 3])
    let revisions = bench.settled.map { settled in
      if case .durable(let revision, _) = settled.outcome { revision } else { UInt64(0) }
    }
    #expect(revisions == [2, 3, 4, 5])
    bench.writer.close()
  }

  @Test func `a large batch does not hold up who submits it`() throws {
    let gate = Gate()
    let bench = try gatedBench(gate)
    bench.writer.submit(try bench.batch("p0", "p1", "p2"))
    #expect(gate.waitForArrival())
    #expect(bench.settled.isEmpty)
    gate.open()
    #expect(bench.wait { bench.settled.count == 1 })
    bench.writer.close()
  }

  @Test(arguments: [FakeLedger.Fault.Step.begin, .append, .commit])
  func `a commit that fails cleanly gives everything back, and the ledger heals`(
    _ step: FakeLedger.Fault.Step
  ) throws {
    let gate = Gate()
    let ledger = FakeLedger { step in
      if step == .probe { gate.pass() }
    }
    let bench = try WriterBench(ledger)
    bench.bench.ledger.fail(step, with: .unavailable(cause: "no space"))
    bench.bench.ledger.fail(.probe, with: .unavailable(cause: "no space"))
    bench.writer.submit(try bench.batch("p0"))
    let refusal = Refusal.ledger(.unavailable(cause: "no space"))
    guard case .failed(refusal) = try #require(bench.settled.first).outcome else {
      Issue.record("\(bench.settled)")
      return
    }
    #expect(bench.bench.engine.changesInFlight == 0)
    #expect(bench.bench.engine.objectCounts.pods == 0)
    #expect(!bench.bench.engine.isWritable)
    #expect(throws: refusal) { _ = try bench.batch("p1") }
    gate.open(2)
    #expect(bench.wait { bench.availability.last == .some(nil) })
    #expect(bench.availability == ["no space", nil])
    #expect(bench.bench.engine.isWritable)
    #expect(bench.bench.ledger.count(.probe) == 2)
    bench.writer.submit(try bench.batch("p1"))
    #expect(bench.wait { bench.settled.count == 2 })
    #expect(bench.bench.ledger.newestRevision == 2)
    bench.writer.close()
  }

  @Test func `a commit that fails half-way fails all that follows, and is told once`() throws {
    let gate = Gate()
    let bench = try gatedBench(gate)
    bench.bench.ledger.fail(.commit, with: .unknown(cause: "fsync"))
    let lone = try bench.batch("p0")
    bench.submitElsewhere(lone)
    #expect(gate.waitForArrival())
    bench.writer.submit(try bench.batch("p1"))
    gate.open()
    #expect(bench.wait { bench.settled.count == 2 && bench.failures.count == 1 })
    for settled in bench.settled {
      guard case .failed(.ledger(.unknown)) = settled.outcome else {
        Issue.record("\(settled)")
        continue
      }
    }
    #expect(throws: Refusal.ledger(.unknown(cause: "fsync"))) { _ = try bench.batch("p2") }
    #expect(bench.failures == ["fsync"])
    #expect(bench.bench.ledger.count(.begin) == 2)
  }

  @Test func `nothing is written once a commit has failed half-way`() throws {
    let bench = try WriterBench()
    bench.bench.ledger.fail(.commit, with: .unknown(cause: "fsync"))
    bench.writer.submit(try bench.batch("p0"))
    // What must not happen announces nothing: twice the time after which the state is derived.
    #expect(!bench.wait(for: 0.4) { bench.bench.ledger.count(.derive) > 0 })
  }

  @Test func `closing waits for what is queued, and may be asked twice`() throws {
    let gate = Gate()
    let bench = try gatedBench(gate)
    bench.writer.submit(try bench.batch("p0", "p1", "p2"))
    #expect(gate.waitForArrival())
    bench.writer.submit(try bench.batch("p3"))
    let closed = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      bench.writer.close()
      closed.signal()
      bench.writer.close()
      closed.signal()
    }
    #expect(!bench.bench.ledger.isClosed)
    gate.open(2)
    #expect(closed.wait(timeout: .now() + WriterBench.patience) == .success)
    #expect(bench.settled.count == 2)
    #expect(bench.bench.ledger.isClosed)
    #expect(closed.wait(timeout: .now() + .seconds(2)) == .success)
  }

  @Test func `the state is derived when nothing is going on`() throws {
    let bench = try WriterBench()
    bench.writer.submit(try bench.batch("p0"))
    #expect(bench.wait(for: 10) { bench.bench.ledger.state.withLock { $0.derived } == 2 })
    bench.writer.close()
  }

  @Test(arguments: [(65_000, false), (66_000, true)])
  func `a tail that is not short is derived as soon as nothing is queued`(
    tail: Int, isDerived: Bool
  ) throws {
    let bench = try WriterBench()
    bench.statistics.setUnderived(tail)
    // Three changes are committed on the writer's own thread.
    bench.writer.submit(try bench.batch("p0", "p1", "p2"))
    bench.writer.close()
    #expect(bench.bench.ledger.state.withLock { $0.derived > 0 } == isDerived)
  }

  @Test func `a long tail is derived beside commits that never pause`() throws {
    let gate = Gate()
    let bench = try gatedBench(gate, hasWideNode: true)
    bench.statistics.setUnderived(3_000_000)
    let names = (0..<50).map { "p\($0)" }
    bench.writer.submit(try bench.batch(names, node: "wide"))
    gate.open()
    let ledger = bench.bench.ledger
    #expect(gate.waitForArrival() && bench.wait(for: 10) { ledger.state.withLock(\.derived) > 0 })
    bench.statistics.setUnderived(3_000_000)
    bench.writer.submit(try bench.batch(names, node: "wide", labels: ["app": "web"]))
    #expect(gate.waitForArrival())
    // Something is queued when that commit ends.
    bench.writer.submit(try bench.batch("last"))
    gate.open(2)
    bench.writer.close()
    let steps = ledger.state.withLock(\.steps)
    let commits = steps.indices.filter { steps[$0] == .commit }
    let before = try #require(commits.suffix(2).first)
    #expect(steps[before + 1] == .derive, "\(steps)")
  }

  /// A bench whose commits after the node's wait for the gate.
  private func gatedBench(_ gate: Gate, hasWideNode: Bool = false) throws -> WriterBench {
    let isArmed = Flag()
    let ledger = FakeLedger { step in
      if step == .commit, isArmed.isSet { gate.pass() }
    }
    let bench = try WriterBench(ledger)
    if hasWideNode { try bench.bench.register("wide", podCIDRs: ["10.244.0.64/26"]) }
    isArmed.set()
    return bench
  }
}

extension WriterBench {
  /// Submits on another thread, as the commit may run on it.
  func submitElsewhere(_ batch: consuming ChangeBatch) {
    let box = SubmittedBatch(batch, [])
    let writer = writer
    nonisolated(unsafe) let handed = box
    Thread.detachNewThread {
      var batch = ChangeBatch(observer: NoObserver.shared)
      swap(&batch, &handed.batch)
      writer.submit(batch)
    }
  }

  /// Looks again and again for a time: for what nobody announces.
  func wait(for seconds: Double, until condition: () -> Bool) -> Bool {
    let end = Date() + seconds
    while Date() < end {
      if condition() { return true }
      usleep(2000)
    }
    return condition()
  }
}
