import AddressBitmap
import Dispatch

/// Has leases end at their time, and the time for which addresses are kept.
///
/// It sleeps until the first of them is over: without any it never wakes up.
package final class LeaseKeeper: Sendable {
  private struct State {
    /// When it wakes up next, in monotonic milliseconds.
    var planned = Int64.max
    var isUnderWay = false
    var isClosed = false
  }

  private let engine: AllocationEngine
  private let writer: LedgerWriter
  private let state = Locked(State())
  private let queue = DispatchQueue(label: "leases")

  /// As records name what it does.
  private static let actor = "ipledgerd"

  /// Milliseconds behind an end, for others that come with it.
  private static let delay: Int64 = 50

  /// Milliseconds after which it tries again when the ledger cannot be written.
  private static let retry: Int64 = 250

  /// Records of one batch.
  private static let mostChanges = 4_096

  package init(engine: AllocationEngine, writer: LedgerWriter) {
    self.engine = engine
    self.writer = writer
  }

  package func start() {
    engine.leases.watch { [weak self] end in self?.plan(end + Self.delay) }
  }

  /// Nothing ends from now on.
  package func stop() { state.withLock { $0.isClosed = true } }

  private func plan(_ time: Int64) {
    let isSooner = state.withLock { state in
      guard !state.isClosed, time < state.planned else { return false }
      state.planned = time
      return true
    }
    guard isSooner else { return }
    let milliseconds = Int(max(0, time - engine.now()))
    queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { self.wakeUp(planned: time) }
  }

  private func wakeUp(planned time: Int64) {
    let isMine = state.withLock { state in
      // What was planned for later is void once something sooner has been.
      guard !state.isClosed, state.planned == time else { return false }
      state.planned = .max
      // A round that is under way plans the next one when it ends.
      guard !state.isUnderWay else { return false }
      state.isUnderWay = true
      return true
    }
    guard isMine else { return }
    var batch = ChangeBatch(observer: self)
    do throws(Refusal) {
      try engine.expire(
        atMost: Self.mostChanges, actor: Self.actor, into: &batch, waiter: self)
    } catch {
      return finish(after: Self.retry)
    }
    guard batch.count > 0 else { return finish(after: 0) }
    writer.submit(batch)
  }

  /// Plans the next round, `pause` milliseconds from now at the soonest.
  private func finish(after pause: Int64) {
    state.withLock { $0.isUnderWay = false }
    guard let next = engine.leases.next else { return }
    plan(max(next + Self.delay, engine.now() + pause))
  }
}

extension LeaseKeeper: BatchObserver {
  package func settled(_ batch: consuming ChangeBatch) {
    if case .durable = batch.outcome { finish(after: 0) } else { finish(after: Self.retry) }
  }
}

extension LeaseKeeper: Waiter {
  package func wake() {
    guard let next = engine.leases.next else { return }
    plan(max(next, engine.now()))
  }
}
