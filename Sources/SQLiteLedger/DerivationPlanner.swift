import AddressBitmap
import Allocation
import Dispatch

/// Reads and sorts long windows of records beside the writer, which only applies them.
final class DerivationPlanner: Sendable {
  private enum State {
    case idle
    case reading
    case ready(DerivationPlan, after: UInt64)
    case failed(LedgerFault, after: UInt64)
  }

  private let path: String
  private let queue = DispatchQueue(label: "derivation", qos: .utility)
  private let state = Locked(State.idle)

  /// Records of one window: some fifteen megabytes while it is under way.
  static let windowSize = 32_768

  init(path: String) { self.path = path }

  /// The plan for the window behind `revision`; nil while it is being made.
  ///
  /// What was read behind another revision is dropped: the state has come further meanwhile, and
  /// the records may even be gone.
  func plan(after revision: UInt64) throws(LedgerFault) -> DerivationPlan? {
    var plan: DerivationPlan?
    var fault: LedgerFault?
    let isNew = state.withLock { state in
      switch state {
      case .reading: return false
      case .ready(let made, after: revision):
        plan = made
        state = .idle
        return false
      case .failed(let found, after: revision):
        fault = found
        state = .idle
        return false
      case .idle, .ready, .failed:
        state = .reading
        return true
      }
    }
    if isNew { queue.async { self.read(after: revision) } }
    if let fault { throw fault }
    return plan
  }

  private func read(after revision: UInt64) {
    let result: State
    do throws(LedgerFault) {
      let reader = try Connection.open(path, .readOnly)
      let rows = try reader.prepare(
        "SELECT \(RecordRow.columns) FROM record WHERE revision > ?1 ORDER BY revision LIMIT ?2")
      rows.bind(1, revision)
      rows.bind(2, Int64(Self.windowSize))
      let window = try DerivationWindow(rows, after: revision)
      result = .ready(DerivationPlan(window), after: revision)
    } catch {
      result = .failed(error, after: revision)
    }
    state.withLock { $0 = result }
  }

  /// Waits for what is being read; what was made is dropped.
  func drain() {
    queue.sync { state.withLock { $0 = .idle } }
  }
}
