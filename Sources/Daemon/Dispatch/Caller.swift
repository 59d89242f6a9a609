import Glibc
import LineProtocol
import Transport

/// Who sends the requests of a connection, and what they may do: decided once, at connect.
struct Caller {
  let access: Access

  /// As records name them: `uid:0`, `tcp:127.0.0.1`.
  let actor: String

  /// The uid that the kernel answers where there is none.
  private static let nobody = UInt32.max

  /// On a Unix socket root and the daemon's own user are admin and nobody else has a role.
  ///
  /// Plain TCP is reader, and anywhere but on loopback only when the configuration says so.
  init(_ peer: Peer, allowsInsecureTCP: Bool) {
    switch peer {
    case .unix(let uid, _, _):
      actor = "uid:\(uid)"
      access = Access(uid != Self.nobody && (uid == 0 || uid == geteuid()) ? .admin : .none)
    case .tcp(let isLoopback, let address):
      actor = "tcp:\(address)"
      access = Access(isLoopback || allowsInsecureTCP ? .reader : .none)
    }
  }

  /// Throws Forbidden unless the caller may call `method`.
  func check(_ method: Method) throws(ErrorReply) { try access.check(method) }

  /// Throws Forbidden unless the caller may change what belongs to the node of this name.
  func check(node: [UInt8], for method: Method) throws(ErrorReply) {
    try access.check(node: node, for: method)
  }
}

/// What the dispatcher keeps about a connection.
final class ConnectionContext {
  let caller: Caller

  /// A batch line that waits in the middle: what is left of it, and its answers so far.
  var heldBatch: (rest: RequestBatch, reply: BatchReply)?

  /// Its watches, the oldest first, and how many there have ever been.
  var watches: [LedgerWatch] = []
  var watchCount = 0

  init(caller: Caller) { self.caller = caller }
}
