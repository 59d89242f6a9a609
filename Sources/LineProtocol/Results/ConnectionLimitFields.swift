/// What one connection, or one peer, may take from the daemon, as `server.info` tells it.
package struct ConnectionLimitFields: Sendable, Hashable {
  /// Nil: any number.
  package var perPeer: Int?
  package var inFlight: Int
  package var lineSeconds: Int
  package var writeSeconds: Int

  /// Nil: for ever.
  package var idleSeconds: Int?

  package init(
    perPeer: Int? = nil, inFlight: Int = 4_096, lineSeconds: Int = 60, writeSeconds: Int = 60,
    idleSeconds: Int? = nil
  ) {
    self.perPeer = perPeer
    self.inFlight = inFlight
    self.lineSeconds = lineSeconds
    self.writeSeconds = writeSeconds
    self.idleSeconds = idleSeconds
  }
}
