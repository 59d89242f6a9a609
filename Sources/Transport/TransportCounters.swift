internal import Synchronization

/// How many connections there are and how they are, for any thread to read.
package final class TransportCounters: Sendable {
  private let arrivingNow = Atomic(0)
  private let openNow = Atomic(0)
  private let pausedNow = Atomic(0)
  private let heldNow = Atomic(0)
  private let openedEver = Atomic(0)
  private let pausedEver = Atomic(0)
  private let evictedEver = Atomic(0)
  private let acceptFailuresEver = Atomic(0)
  private let refusedEver = Atomic(0)
  private let handshakeFailuresEver = Atomic(0)

  // Relaxed is enough throughout: each number stands alone and nothing is read by its word.

  /// Taken from a listener and not yet on their loop: a listener that closes now would drop them.
  var arriving: Int { arrivingNow.load(ordering: .relaxed) }
  package var open: Int { openNow.load(ordering: .relaxed) }
  /// Not read from now, because its answers are not taken.
  package var paused: Int { pausedNow.load(ordering: .relaxed) }
  /// Waiting for a commit with a line that cannot be decided before.
  package var held: Int { heldNow.load(ordering: .relaxed) }
  package var total: Int { openedEver.load(ordering: .relaxed) }
  package var pauses: Int { pausedEver.load(ordering: .relaxed) }
  package var evictions: Int { evictedEver.load(ordering: .relaxed) }
  package var acceptFailures: Int { acceptFailuresEver.load(ordering: .relaxed) }

  /// Ended because their peers had as many as they may.
  package var refusals: Int { refusedEver.load(ordering: .relaxed) }
  package var handshakeFailures: Int { handshakeFailuresEver.load(ordering: .relaxed) }

  init() {}

  // Relaxed for the same reason in all that follows.
  func accepted() { arrivingNow.add(1, ordering: .relaxed) }

  func arrived() { arrivingNow.subtract(1, ordering: .relaxed) }

  /// The number of the connection, counted from 1.
  func opened() -> UInt64 {
    openNow.add(1, ordering: .relaxed)
    return UInt64(openedEver.add(1, ordering: .relaxed).newValue)
  }

  func closed() { openNow.subtract(1, ordering: .relaxed) }

  func paused(_ isPaused: Bool) {
    pausedNow.add(isPaused ? 1 : -1, ordering: .relaxed)
    if isPaused { pausedEver.add(1, ordering: .relaxed) }
  }

  func held(_ isHeld: Bool) { heldNow.add(isHeld ? 1 : -1, ordering: .relaxed) }

  func evicted() { evictedEver.add(1, ordering: .relaxed) }

  func refused() { refusedEver.add(1, ordering: .relaxed) }

  func handshakeFailed() { handshakeFailuresEver.add(1, ordering: .relaxed) }

  func acceptFailed() { acceptFailuresEver.add(1, ordering: .relaxed) }
}
