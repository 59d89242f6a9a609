import LineProtocol
import Transport

/// Who sends the requests of a connection, and what they may do.
///
/// An object, because each request has one, and copies of a value would count each of its texts.
final class Caller: Sendable {
  let access: Access

  /// As records name them: `uid:0`, `tcp:127.0.0.1:4711`, `certificate:system:node:w1`,
  /// `token:1f3c5a7b`.
  let actor: String

  /// - Parameter token: the SHA-256 of the token that the client has shown.
  init(_ peer: Peer, token: [UInt8]?, _ policy: AccessPolicy) {
    access = policy.access(of: peer, token: token)
    if let token {
      actor = "token:" + Hexadecimal.text(token.prefix(4))
      return
    }
    switch peer {
    case .unix(let uid, _, _, _): actor = "uid:\(uid)"
    case .tcp(_, let address): actor = "tcp:\(address)"
    case .tls(let names, let address):
      actor = names.first.map { "certificate:\($0)" } ?? "tls:\(address)"
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
  private(set) var caller: Caller
  private let peer: Peer
  private var token: [UInt8]?

  /// Which of the policies the caller was decided by.
  private(set) var generation: Int

  /// Tokens that were not right.
  var failures = 0

  /// A batch line that waits in the middle: what is left of it, and its answers so far.
  var heldBatch: (rest: RequestBatch, reply: BatchReply)?

  /// Answers that are being read from the ledger for it.
  var readings = 0

  /// As many may be at once: what they bring has to be kept until the client takes it.
  static let mostReadings = 4

  /// Its watches, the oldest first, and how many there have ever been.
  var watches: [LedgerWatch] = []
  var watchCount = 0

  init(_ peer: Peer, _ policies: AccessPolicies) {
    self.peer = peer
    let (policy, generation) = policies.current
    self.generation = generation
    caller = Caller(peer, token: nil, policy)
  }

  /// Decides anew who this is when the rules have changed.
  func refresh(_ policies: AccessPolicies) { decide(policies) }

  /// The client has shown a token that a rule knows.
  func authenticate(_ digest: [UInt8], _ policies: AccessPolicies) {
    token = digest
    decide(policies)
  }

  private func decide(_ policies: AccessPolicies) {
    let (policy, generation) = policies.current
    self.generation = generation
    // A token that no rule knows any more is as good as none.
    if let digest = token, !policy.knows(token: digest) { token = nil }
    caller = Caller(peer, token: token, policy)
  }
}

/// Bytes as text.
enum Hexadecimal {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// Nil unless `text` is pairs of digits and nothing else.
  static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return bytes
  }
}

extension Connection {
  /// Nil before it is open.
  var known: ConnectionContext? { context as? ConnectionContext }
}
