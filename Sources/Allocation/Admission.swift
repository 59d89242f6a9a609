import AddressBitmap
import Synchronization

/// Whether changes may be recorded now.
final class Admission: Sendable {
  enum Condition: UInt8, AtomicRepresentable {
    case open
    /// The ledger cannot be written; it may heal.
    case unavailable
    case shuttingDown
    /// A commit failed half-way: the process ends.
    case failed
  }

  private let condition = Atomic(Condition.open)
  private let cause = Locked("")

  /// Changes that may be in flight at once; more answer Overloaded.
  static let mostChanges = 262_144

  /// Throws when a change must not be recorded; `changes` are in flight.
  func check(inFlight changes: Int) throws(Refusal) {
    switch condition.load(ordering: .sequentiallyConsistent) {
    case .open:
      if changes >= Self.mostChanges { throw .overloaded }
    case .unavailable:
      throw .ledger(.unavailable(cause: cause.withLock { $0 }))
    case .shuttingDown:
      throw .shuttingDown
    case .failed:
      throw .ledger(.unknown(cause: cause.withLock { $0 }))
    }
  }

  /// What every further commit would meet: set once one has failed half-way.
  var failure: LedgerFailure? {
    guard condition.load(ordering: .sequentiallyConsistent) == .failed else { return nil }
    return .unknown(cause: cause.withLock { $0 })
  }

  var isOpen: Bool { condition.load(ordering: .sequentiallyConsistent) == .open }

  /// Goes from `open` or `unavailable` to `unavailable`; other conditions stay.
  func suspend(cause text: String) {
    cause.withLock { $0 = text }
    _ = condition.compareExchange(
      expected: .open, desired: .unavailable, ordering: .sequentiallyConsistent)
  }

  /// Goes back from `unavailable` to `open`; other conditions stay, and the answer is false.
  @discardableResult
  func resume() -> Bool {
    condition.compareExchange(
      expected: .unavailable, desired: .open, ordering: .sequentiallyConsistent
    ).exchanged
  }

  /// Nothing leads back from here; a commit that failed half-way stays failed.
  func shutDown() {
    for from in [Condition.open, .unavailable] {
      _ = condition.compareExchange(
        expected: from, desired: .shuttingDown, ordering: .sequentiallyConsistent)
    }
  }

  func fail(cause text: String) {
    cause.withLock { $0 = text }
    condition.store(.failed, ordering: .sequentiallyConsistent)
  }
}
