import Allocation
import Synchronization

/// A waiter that remembers whether it was woken.
final class CountingWaiter: Waiter {
  private let wakes = Atomic(0)

  var count: Int { wakes.load(ordering: .sequentiallyConsistent) }

  func wake() { wakes.add(1, ordering: .sequentiallyConsistent) }
}

/// A waiter for those who expect to be answered at once.
final class DeafWaiter: Waiter {
  func wake() {}
}

/// An observer for batches that are settled by hand.
final class NoObserver: BatchObserver {
  static let shared = NoObserver()

  func settled(_ batch: consuming ChangeBatch) {}
}
