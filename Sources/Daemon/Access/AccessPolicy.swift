import Glibc
import LineProtocol
import Transport

/// Who may do what: the rules of the configuration, and what holds without any.
struct AccessPolicy: Sendable {
  private let rules: [AccessRule]
  private let allowsInsecureTCP: Bool

  /// The uid that the kernel answers where there is none.
  private static let nobody = UInt32.max

  init(_ configuration: DaemonConfiguration) {
    rules = configuration.access
    allowsInsecureTCP = configuration.allowsInsecureTCP
  }

  /// What a client may do: of all that it is entitled to the most.
  ///
  /// On a Unix socket root and the daemon's own user are admin. Plain TCP is reader, and anywhere
  /// but on loopback only when the configuration says so. Everybody else has what rules give.
  ///
  /// - Parameter token: the SHA-256 of a token that a rule knows, which the client has shown.
  func access(of peer: Peer, token: [UInt8]?) -> Access {
    var access = Access.none
    switch peer {
    case .unix(let uid, let gid, _, let groups):
      guard uid != Self.nobody else { return .none }
      if uid == 0 || uid == geteuid() { return Access(.admin) }
      for rule in rules {
        switch rule.subject {
        case .uid(uid): access.raise(rule, certificate: nil)
        case .gid(let id) where id == gid || groups.contains(id):
          access.raise(rule, certificate: nil)
        default: continue
        }
      }
    case .tcp(let isLoopback, _):
      guard isLoopback || allowsInsecureTCP else { return .none }
      access = Access(.reader)
    case .tls(let names, _):
      for rule in rules {
        guard case .certificate(let text) = rule.subject else { continue }
        let pattern = NamePattern(text: text)
        for name in names {
          if let part = pattern.match(name) { access.raise(rule, certificate: part) }
        }
      }
    }
    guard let token else { return access }
    for rule in rules {
      guard case .token(token) = rule.subject else { continue }
      access.raise(rule, certificate: nil)
    }
    return access
  }

  /// Whether a rule knows the token.
  ///
  /// It takes the same time whichever it is, and however much of it is right.
  func knows(token digest: [UInt8]) -> Bool {
    var isKnown = false
    for rule in rules {
      guard case .token(let known) = rule.subject else { continue }
      var difference = UInt8(known.count == digest.count ? 0 : 1)
      for index in 0..<min(known.count, digest.count) { difference |= known[index] ^ digest[index] }
      isKnown = isKnown || difference == 0
    }
    return isKnown
  }
}

extension Access {
  /// Takes what a rule gives, if that is more: a higher role, or the same on all nodes.
  fileprivate mutating func raise(_ rule: AccessRule, certificate: String?) {
    let node: String? =
      switch rule.scope {
      case nil: nil
      case .node(let name): name
      case .certificate: certificate
      }
    if rule.role > role || rule.role == role && self.node != nil && node == nil {
      self = Access(rule.role, node: node)
    }
  }
}
