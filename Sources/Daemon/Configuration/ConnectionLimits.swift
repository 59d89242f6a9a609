import LineProtocol
import NIOCore
import Transport

/// What keeps one client, hostile or broken, from holding up the others.
package struct ConnectionLimits: Sendable, Equatable {
  /// Connections of one uid on Unix sockets, or of one address elsewhere; 0: any number.
  package var perPeer = 0

  /// Requests of one connection that wait for their commits.
  package var inFlight = 4_096

  /// Seconds in which a line that has begun must end.
  package var lineSeconds = 60

  /// Seconds in which a client must take some of what waits for it.
  package var writeSeconds = 60

  /// Seconds after which a connection that sends nothing, and follows nothing, is closed; 0: never.
  package var idleSeconds = 0

  func transportLimits(_ protocolLimits: ProtocolLimits) -> TransportLimits {
    var limits = TransportLimits()
    limits.lineBytes = protocolLimits.lineBytes
    limits.connectionsPerPeer = perPeer
    limits.dueAnswers = inFlight
    limits.lineTimeout = .seconds(Int64(lineSeconds))
    limits.writeTimeout = .seconds(Int64(writeSeconds))
    limits.idleTimeout = idleSeconds == 0 ? nil : .seconds(Int64(idleSeconds))
    return limits
  }
}
