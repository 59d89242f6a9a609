import AddressBitmap
import Addressing
import Dispatch
import Foundation
import Testing

@testable import Allocation

/// Changes of what is excluded, side by side, and in between.
@Suite(.timeLimit(.minutes(2))) struct RangeChangeTests {
  @Test func `two who exclude at once lose nothing of each other's, and nothing is written twice`()
    throws
  {
    let bench = try WriterBench()
    let blocks = try (0..<2).map { loop in
      try (0..<60).map { try cidr("10.244.0.\(loop)/32").shifted(by: $0) }
    }
    let done = DispatchSemaphore(value: 0)
    let loops = blocks.map { Excluder(bench, $0) }
    for loop in loops {
      Thread.detachNewThread {
        loop.run()
        done.signal()
      }
    }
    for _ in loops { #expect(done.wait(timeout: .now() + .seconds(60)) == .success) }
    bench.writer.close()
    for loop in loops { #expect(loop.failure == nil) }
    #expect(bench.bench.engine.book.exclusions.exclusions.isEmpty)
    // One of each pair of records excludes, the other includes; the node's is the first.
    #expect(bench.bench.ledger.records.count == 1 + 2 * 120)
  }

  @Test func `including what is not excluded writes nothing`() throws {
    let bench = Bench()
    var batch = bench.emptyBatch()
    let block = try cidr("10.96.0.0/30")
    for wish in [
      Wish.include([block]), .exclude([block]), .exclude([block]),
      .include([try cidr("10.96.0.8/32"), try cidr("10.97.0.0/32")]),
    ] {
      let decision = try wish.decide(bench.engine, &batch, bench.waiter)
      if case .recorded = decision { try bench.commit(&batch) }
    }
    #expect(bench.ledger.records.count == 1)
  }
}

extension CIDR {
  fileprivate func shifted(by count: Int) throws -> CIDR {
    let base = IPAddress(family: family, value: self.base.value + UInt128(count * 2))
    return try #require(CIDR(base: base, prefixLength: prefixLength))
  }
}

/// What is asked for, both steps of an exclusion together.
private enum Wish {
  case exclude([CIDR])
  case include([CIDR])

  func decide(
    _ engine: AllocationEngine, _ batch: inout ChangeBatch, _ waiter: any Waiter
  ) throws(Refusal) -> Decision<UInt64> {
    switch self {
    case .include(let blocks):
      return try engine.changeRanges(.include(blocks), actor: "test", into: &batch, waiter: waiter)
    case .exclude(let blocks):
      switch try engine.closeRanges(
        .exclude(blocks, note: nil), actor: "test", waiter: waiter)
      {
      case .answered(let revision): return .answered(revision)
      case .wait: return .wait
      case .closed(let closing):
        engine.record(closing, into: &batch)
        return .recorded
      }
    }
  }
}

/// Excludes some blocks one after the other, and includes each again, twice.
private final class Excluder: BatchObserver, Waiter {
  private let bench: WriterBench
  private let blocks: [CIDR]
  private let wakes = DispatchSemaphore(value: 0)
  private let settles = DispatchSemaphore(value: 0)
  private let failed = Locked<String?>(nil)

  init(_ bench: WriterBench, _ blocks: [CIDR]) {
    self.bench = bench
    self.blocks = blocks
  }

  var failure: String? { failed.withLock { $0 } }

  func wake() { wakes.signal() }

  func settled(_ batch: consuming ChangeBatch) { settles.signal() }

  func run() {
    for block in blocks {
      ask(.exclude([block]))
      ask(.include([block]))
      ask(.include([block]))
    }
  }

  /// Until it is done.
  private func ask(_ wish: Wish) {
    while failure == nil {
      var batch = ChangeBatch(observer: self)
      let decision: Decision<UInt64>
      do throws(Refusal) {
        decision = try wish.decide(bench.bench.engine, &batch, self)
      } catch {
        return failed.withLock { $0 = "\(error)" }
      }
      switch decision {
      case .answered, .repeats: return
      case .recorded:
        bench.writer.submit(batch)
        if settles.wait(timeout: .now() + WriterBench.patience) != .success {
          failed.withLock { $0 = "it never came back" }
        }
        return
      case .wait:
        if wakes.wait(timeout: .now() + WriterBench.patience) != .success {
          failed.withLock { $0 = "never woken" }
        }
      }
    }
  }
}
