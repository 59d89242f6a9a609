import AddressBitmap
import Synchronization

/// Tells those who follow the ledger that there are new revisions to see.
///
/// While nobody is waiting, ringing it costs one load.
final class RevisionBell: Sendable {
  private let isArmed = Atomic(false)
  private let waiting = Locked<[any Waiter]>([])

  /// Wakes `waiter` at the next ring.
  ///
  /// Whoever calls it looks at the newest revision afterwards: one that became visible before was
  /// rung for before, and one that comes later finds the bell armed.
  func wait(_ waiter: any Waiter) {
    waiting.withLock { waiting in
      if !waiting.contains(where: { $0 === waiter }) { waiting.append(waiter) }
      isArmed.store(true, ordering: .sequentiallyConsistent)
    }
  }

  func ring() {
    guard isArmed.load(ordering: .sequentiallyConsistent) else { return }
    let woken = waiting.withLock { waiting in
      isArmed.store(false, ordering: .sequentiallyConsistent)
      defer { waiting.removeAll() }
      return waiting
    }
    for waiter in woken { waiter.wake() }
  }
}
