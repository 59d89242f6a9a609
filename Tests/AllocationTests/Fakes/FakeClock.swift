import AddressBitmap
import Allocation

/// A clock that stands still until a test moves it.
final class FakeClock: LedgerClock {
  private struct Hands {
    var wallMilliseconds: Int64
    var monotonicMilliseconds: Int64
  }

  private let hands = Locked(
    Hands(wallMilliseconds: 1_700_000_000_000, monotonicMilliseconds: 50_000_000))

  private let interruption = Locked<(@Sendable () -> Void)?>(nil)

  func wallMilliseconds() -> Int64 {
    interruption.withLock { $0.take() }?()
    return hands.withLock { $0.wallMilliseconds }
  }

  /// Has `body` run when the wall clock is looked at next, before whoever looks goes on.
  func interrupt(with body: @escaping @Sendable () -> Void) {
    interruption.withLock { $0 = body }
  }

  func monotonicNanoseconds() -> Int64 { hands.withLock { $0.monotonicMilliseconds * 1_000_000 } }

  /// Time passes.
  func advance(milliseconds: Int64) {
    hands.withLock { hands in
      hands.wallMilliseconds += milliseconds
      hands.monotonicMilliseconds += milliseconds
    }
  }

  /// Somebody sets the wall clock.
  func jump(milliseconds: Int64) {
    hands.withLock { $0.wallMilliseconds += milliseconds }
  }
}
