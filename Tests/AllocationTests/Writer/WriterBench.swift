import AddressBitmap
import Dispatch

@testable import Allocation

/// A real writer over a fake ledger, and somebody who collects what it gives back.
final class WriterBench: BatchObserver {
  struct Settled {
    let outcome: BatchOutcome
    let count: Int
  }

  private struct Heard {
    var settled: [Settled] = []
    var failures: [String] = []
    var availability: [String?] = []
  }

  let bench: Bench
  private let heard = Locked(Heard())
  private let events = DispatchSemaphore(value: 0)
  private let writerBox = Locked<LedgerWriter?>(nil)
  let statistics = CommitStatistics()

  /// Long enough for anything that happens at all.
  static let patience = DispatchTimeInterval.seconds(10)

  init(_ ledger: FakeLedger = FakeLedger()) throws {
    bench = Bench(ledger: ledger)
    try bench.register("n0")
    let writer = LedgerWriter(
      store: ledger, engine: bench.engine, statistics: statistics,
      failed: { [weak self] cause in self?.hear { $0.failures.append(cause) } },
      availability: { [weak self] cause in self?.hear { $0.availability.append(cause) } })
    writerBox.withLock { $0 = writer }
  }

  var writer: LedgerWriter {
    guard let writer = writerBox.withLock({ $0 }) else {
      preconditionFailure("the writer is made with the bench")
    }
    return writer
  }

  func settled(_ batch: consuming ChangeBatch) {
    guard let outcome = batch.outcome else { preconditionFailure("what comes back is settled") }
    let count = batch.count
    hear { $0.settled.append(Settled(outcome: outcome, count: count)) }
  }

  private func hear(_ body: (inout Heard) -> Void) {
    heard.withLock { body(&$0) }
    events.signal()
  }

  var settled: [Settled] { heard.withLock { $0.settled } }

  var failures: [String] { heard.withLock { $0.failures } }

  var availability: [String?] { heard.withLock { $0.availability } }

  /// Waits until it holds; false if it never did.
  func wait(until condition: () -> Bool) -> Bool {
    while !condition() {
      guard events.wait(timeout: .now() + Self.patience) == .success else { return condition() }
    }
    return true
  }

  /// A batch with a reserve for each of the names.
  func batch(_ names: String...) throws -> ChangeBatch { try batch(names) }

  func batch(
    _ names: [String], node: String = "n0", labels: [String: String]? = nil
  ) throws -> ChangeBatch {
    var batch = ChangeBatch(observer: self)
    for name in names {
      try bench.reserve(PodRequest(node: node, name: name, labels: labels), into: &batch)
    }
    return batch
  }
}

/// Lets commits through one by one.
final class Gate: Sendable {
  private let arrivals = DispatchSemaphore(value: 0)
  private let permits = DispatchSemaphore(value: 0)

  /// Called by what is held up.
  func pass() {
    arrivals.signal()
    permits.wait()
  }

  func waitForArrival() -> Bool {
    arrivals.wait(timeout: .now() + WriterBench.patience) == .success
  }

  func open(_ count: Int = 1) {
    for _ in 0..<count { permits.signal() }
  }
}
