/// What a connection may do next: events in, permissions out, no I/O.
///
/// ```
///            pause (answers not taken)            hold (a line must wait)
///   reading ◄──────────────────────► paused   reading ◄────────────► held     both at once: either
///      │ input ends, or the server drains
///      ▼
///   ending: what was read is still offered, pausing and holding as above
///      │ nothing left to offer, nothing due, nothing unsent
///      ▼
///   closed
/// ```
struct ConnectionState: Equatable {
  /// The bounds of one connection.
  struct Bounds: Equatable {
    let unsentBytes: Int
    let dueAnswers: Int
  }

  enum Input: Equatable {
    case open
    /// The client has shut its writing side.
    case ended
    /// The server takes nothing new.
    case draining
  }

  private(set) var input = Input.open
  private(set) var isPaused = false
  private(set) var isHeld = false
  private(set) var isClosed = false
  /// Whether all whole lines that were read have been taken.
  private var isExhausted = true

  /// Lines that were read may be offered.
  var mayOffer: Bool { !isHeld && !isPaused && !isClosed }

  /// More may be read: nothing that was read waits, and more is wanted.
  var mayRead: Bool { mayOffer && isExhausted && input == .open }

  /// Bytes have come.
  mutating func received() { isExhausted = false }

  /// No whole line is left to offer.
  mutating func exhausted() { isExhausted = true }

  /// The offered line must wait.
  mutating func hold() { isHeld = true }

  /// What it waited for is over: true when lines are to be offered again.
  mutating func resume() -> Bool {
    guard isHeld else { return false }
    isHeld = false
    return mayOffer
  }

  /// Takes note of what has not reached the client: true when lines are to be offered again.
  ///
  /// It pauses above a bound and goes on at half of both, so that it does not flutter.
  mutating func measure(unsent: Int, due: Int, within bounds: Bounds) -> Bool {
    if isPaused {
      guard unsent <= bounds.unsentBytes / 2, due <= bounds.dueAnswers / 2 else { return false }
      isPaused = false
      return mayOffer
    }
    isPaused = unsent > bounds.unsentBytes || due > bounds.dueAnswers
    return false
  }

  mutating func inputEnded() { input = input == .open ? .ended : input }

  mutating func drain() { input = .draining }

  /// Whether all is done that a connection without further input is kept for.
  func isFinished(unsent: Int, due: Int) -> Bool {
    input != .open && mayOffer && isExhausted && unsent == 0 && due == 0
  }

  mutating func close() { isClosed = true }
}
