internal import NIOConcurrencyHelpers

/// How many connections each peer has: a uid on Unix sockets, an address elsewhere.
final class PeerCounts: Sendable {
  private let counts = NIOLockedValueBox<[String: Int]>([:])

  /// False when the peer has `limit` already; 0: there is no limit.
  func enter(_ peer: String, atMost limit: Int) -> Bool {
    guard limit > 0 else { return true }
    return counts.withLockedValue { counts in
      guard counts[peer, default: 0] < limit else { return false }
      counts[peer, default: 0] += 1
      return true
    }
  }

  /// One that has entered is gone.
  func leave(_ peer: String) {
    counts.withLockedValue { counts in
      guard let count = counts[peer] else { return }
      counts[peer] = count > 1 ? count - 1 : nil
    }
  }
}
