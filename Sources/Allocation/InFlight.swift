import AddressBitmap
import Synchronization

/// Counts the changes between their decision and their fate, and wakes those who wait for one.
///
/// One list serves all: whoever waits is woken by the next batch that settles, whichever it is, and
/// looks again. A waiter is a whole event loop, so the list is short.
final class InFlight: Sendable {
  private let count = Atomic(0)
  private let waiting = Locked<[any Waiter]>([])

  /// A change entered a batch; called before anybody can find it in the owner index.
  func began() {
    count.add(1, ordering: .sequentiallyConsistent)
  }

  /// Changes became visible or were taken back; called after that can be seen.
  ///
  /// - Parameter sleeper: whose changes these were: it goes on waiting for those of others while
  ///   there are any.
  func ended(_ changes: Int, except sleeper: (any Waiter)? = nil) {
    let left = count.subtract(changes, ordering: .sequentiallyConsistent).newValue
    let woken = waiting.withLock { waiting in
      let sleeps = left == 0 ? nil : sleeper
      let woken = waiting.filter { $0 !== sleeps }
      waiting.removeAll { $0 !== sleeps }
      return woken
    }
    for waiter in woken { waiter.wake() }
  }

  /// Wakes `waiter` when the next changes end; at once when none is in flight any more.
  ///
  /// The count is read after the waiter stands in the list, and `ended` takes the list after it has
  /// lowered the count: one of the two sees the other.
  func wait(_ waiter: any Waiter) {
    waiting.withLock { waiting in
      if !waiting.contains(where: { $0 === waiter }) { waiting.append(waiter) }
    }
    if count.load(ordering: .sequentiallyConsistent) == 0 { ended(0) }
  }

  var changes: Int { count.load(ordering: .sequentiallyConsistent) }
}
