import AddressBitmap
import Allocation

/// A ledger in memory, with faults on demand.
///
/// What is committed survives a crash, nothing else does.
final class FakeLedger: LedgerStore {
  /// What goes wrong, once, at the n-th call from now on (1: the next one).
  struct Fault {
    enum Step {
      case begin
      case append
      case commit
      case probe
      case derive
    }

    let step: Step
    var calls: Int
    let failure: LedgerFailure
  }

  /// How a ledger might lie; the checks of the simulator must notice.
  enum Lie: CaseIterable {
    /// Acknowledges a commit without its last record.
    case losesRecord
    /// Shows the derived state alone.
    case hidesTail
    case hidesCursors
    case hidesReleases
    /// Takes the revision of an update for its object's generation.
    case renewsGeneration
    /// Derives released objects too.
    case keepsReleased
  }

  struct State {
    var records: [LedgerRecord] = []
    var open: [LedgerRecord]?
    /// How many records the derived state contains.
    var derived = 0
    var faults: [Fault] = []
    var steps: [Fault.Step] = []
    /// Records of each commit.
    var commits: [Int] = []
    var isClosed = false
  }

  let state = Locked(State())
  let lie: Lie?

  /// Called at the beginning of each call that writes: a test may hold it up.
  private let stepping: @Sendable (Fault.Step) -> Void

  init(lie: Lie? = nil, stepping: @escaping @Sendable (Fault.Step) -> Void = { _ in }) {
    self.lie = lie
    self.stepping = stepping
  }

  var newestRevision: UInt64 { state.withLock { $0.records.last?.revision ?? 0 } }

  var newestTime: Int64 { state.withLock { $0.records.last?.time ?? 0 } }

  var records: [LedgerRecord] { state.withLock { $0.records } }

  var commits: [Int] { state.withLock { $0.commits } }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  func count(_ step: Fault.Step) -> Int {
    state.withLock { state in state.steps.count { $0 == step } }
  }

  func fail(_ step: Fault.Step, at calls: Int = 1, with failure: LedgerFailure) {
    state.withLock { $0.faults.append(Fault(step: step, calls: calls, failure: failure)) }
  }

  func begin() throws(LedgerFailure) {
    try take(.begin)
    state.withLock { state in
      precondition(state.open == nil, "one transaction at a time")
      state.open = []
    }
  }

  func append(
    _ batch: borrowing ChangeBatch, firstRevision: UInt64, time: Int64
  ) throws(LedgerFailure) {
    try take(.append)
    var added: [LedgerRecord] = []
    for position in 0..<batch.count {
      added.append(
        batch.record(at: position, revision: firstRevision + UInt64(position), time: time))
    }
    state.withLock { $0.open?.append(contentsOf: added) }
  }

  func commit() throws(LedgerFailure) {
    try take(.commit)
    state.withLock { state in
      guard var open = state.open else { preconditionFailure("commit follows begin") }
      state.open = nil
      state.commits.append(open.count)
      if lie == .losesRecord, open.count > 1 { open.removeLast() }
      state.records.append(contentsOf: open)
    }
  }

  func rollBack() { state.withLock { $0.open = nil } }

  func probe() throws(LedgerFailure) { try take(.probe) }

  func derive(atMost count: Int) throws(LedgerFailure) -> Int {
    try take(.derive)
    return state.withLock { state in
      state.derived = min(state.records.count, state.derived + count)
      return state.records.count - state.derived
    }
  }

  func deriveSlice(atMost count: Int) throws(LedgerFailure) -> Int { try derive(atMost: count) }

  func close() { state.withLock { $0.isClosed = true } }

  private func take(_ step: Fault.Step) throws(LedgerFailure) {
    stepping(step)
    let failure: LedgerFailure? = state.withLock { state in
      state.steps.append(step)
      guard let index = state.faults.firstIndex(where: { $0.step == step }) else { return nil }
      state.faults[index].calls -= 1
      return state.faults[index].calls == 0 ? state.faults.remove(at: index).failure : nil
    }
    if let failure { throw failure }
  }
}
