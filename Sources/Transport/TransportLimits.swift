package import NIOCore

/// What one connection may take from the process.
package struct TransportLimits: Sendable {
  /// The longest line, without its newline.
  package var lineBytes = 1_048_576

  /// With more unsent output than this the connection is not read from until half has gone.
  ///
  /// One answer may pass it.
  package var unsentBytes = 1 << 20

  /// With more answers due than this the connection is not read from until half have been given.
  package var dueAnswers = 4_096

  /// Closed after this long without any byte taken while output waits for the client.
  package var writeTimeout = TimeAmount.seconds(60)

  /// Closed when a line that has begun does not end within this time; idle connections stay.
  package var lineTimeout = TimeAmount.seconds(60)

  /// Closed after this long without a line, unless it follows the ledger; nil: never.
  package var idleTimeout: TimeAmount?

  /// Closed when a TLS handshake takes longer.
  package var handshakeTimeout = TimeAmount.seconds(10)

  /// Connections of one uid on Unix sockets, or of one address elsewhere; 0: any number.
  package var connectionsPerPeer = 0

  /// How long the lines of one connection are taken before others have their turn.
  ///
  /// One line may take longer.
  package var slice = TimeAmount.milliseconds(2)

  /// How long accepting pauses when descriptors or memory have run out.
  package var acceptPause = TimeAmount.milliseconds(100)

  /// How long a stop waits for what clients are about to send on a new connection.
  package var stopGrace = TimeAmount.milliseconds(50)

  /// How long a stop reads what clients have sent, after that.
  package var lastInput = TimeAmount.seconds(1)

  /// How long a stop takes clients from the queues of its own listeners at most.
  package var acceptGrace = TimeAmount.seconds(2)

  package init() {}
}
