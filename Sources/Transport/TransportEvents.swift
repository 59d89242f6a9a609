/// What is worth a line in the log, told from the event loop's thread.
package struct TransportEvents: Sendable {
  /// Why a connection was ended before its client ended it.
  package enum Eviction: Sendable, Equatable {
    /// It took none of the output that waits for it.
    case notReading

    /// It began a line and did not end it.
    case unfinishedLine

    /// It sent nothing for longer than clients may.
    case idle

    /// Its peer has as many connections as it may.
    case tooManyConnections

    /// The time for draining was over.
    case stopping
  }

  /// Descriptors or memory have run out, by `errno`: told once, until accepting works again.
  package var acceptFailed: @Sendable (Int32) -> Void = { _ in }
  package var acceptingAgain: @Sendable () -> Void = {}
  package var evicted: @Sendable (Peer, Eviction) -> Void = { _, _ in }

  /// Whoever is at this address did not get through the TLS handshake, and why.
  package var handshakeFailed: @Sendable (String, String) -> Void = { _, _ in }

  package init() {}
}
