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

  func wallMilliseconds() -> Int64 { hands.withLock { $0.wallMilliseconds } }

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
