import AddressBitmap
import Logging
import Transport

/// Slows down whoever guesses tokens, and keeps the log from filling with it.
final class AuthenticationGuard: Sendable {
  private struct Window {
    var since: Int64
    var failures: Int
  }

  private let windows = Locked<[String: Window]>([:])

  /// Milliseconds in which a peer has so many failures.
  private static let span: Int64 = 60_000
  private static let mostFailures = 20

  /// Peers that are remembered at once; beyond that all are forgotten.
  private static let mostPeers = 4_096

  /// Tokens of one connection that may be wrong.
  static let mostPerConnection = 5

  /// Whether the peer may try again now (monotonic milliseconds).
  func admits(_ peer: String, now: Int64) -> Bool {
    windows.withLock { windows in
      guard let window = windows[peer], now - window.since < Self.span else { return true }
      return window.failures < Self.mostFailures
    }
  }

  /// A token was wrong; answers whether that is worth a line in the log: the first ones are.
  func failed(_ peer: String, now: Int64) -> Bool {
    windows.withLock { windows in
      if windows.count >= Self.mostPeers { windows = [:] }
      var window = windows[peer] ?? Window(since: now, failures: 0)
      if now - window.since >= Self.span { window = Window(since: now, failures: 0) }
      window.failures += 1
      windows[peer] = window
      return window.failures <= Self.mostPerConnection
    }
  }
}
