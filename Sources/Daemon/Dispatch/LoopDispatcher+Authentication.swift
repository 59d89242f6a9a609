import Allocation
import Crypto
import LineProtocol
import Logging
import Transport

extension LoopDispatcher {
  /// Raises what the connection may do, by a token that a rule knows.
  func authenticate(
    _ request: Request, _ line: Span<UInt8>, _ known: ConnectionContext
  ) throws(ErrorReply) {
    let params = try params(ServerAuthenticateParams.self, request, line)
    let connection = request.reply.connection
    let (host, now) = (connection.peer.host, engine.clock.monotonicMilliseconds())
    guard context.guesses.admits(host, now: now) else { throw .overloaded(retryAfterMs: 1000) }
    let digest = Array(SHA256.hash(data: Array(params.token.utf8)))
    guard context.policies.current.policy.knows(token: digest) else {
      known.failures += 1
      if context.guesses.failed(host, now: now) {
        context.log.warning("a token was wrong", metadata: ["peer": "\(connection.peer)"])
      }
      if known.failures >= AuthenticationGuard.mostPerConnection { connection.end() }
      throw .unknownToken(role: known.caller.access.role)
    }
    known.authenticate(digest, context.policies)
    let access = known.caller.access
    request.reply.write(ServerAuthenticateResult(role: access.role, node: access.node))
  }

  /// The peer has as many connections as it may.
  func refused(_ connection: Connection) {
    let reply = Reply(connection: connection, id: .null, batch: nil)
    reply.write(ErrorReply.tooManyConnections(context.configuration.connections.perPeer))
  }
}
