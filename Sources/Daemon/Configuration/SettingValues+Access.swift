import Addressing
import LineProtocol
import Transport
import Yams

// Who may do what: in the file a list of mappings, elsewhere `gid=ipledger role=allocator`.
extension SettingValues {
  /// Between the members of an entry of the file, whose values may hold blanks.
  private static let separator: Character = "\0"

  mutating func takeAccess(_ nodes: [Node], _ source: SettingSource) {
    var entries: [String] = []
    for (index, node) in nodes.enumerated() {
      guard let mapping = node.mapping else {
        find(
          source, .invalid, "rule \(index + 1) must be keys and values: {uid: 1000, role: reader}")
        continue
      }
      let members = mapping.map { key, value in
        "\(key.scalar?.string ?? "")=\(value.scalar?.string ?? "")"
      }
      entries.append(members.joined(separator: String(Self.separator)) + String(Self.separator))
    }
    take(.access, SettingValue(content: .list(entries), source: source))
  }

  mutating func readAccess(_ facts: ProcessFacts) -> [AccessRule] {
    var rules: [AccessRule] = []
    for (index, entry) in (list(.access) ?? []).enumerated() {
      if let rule = readRule(entry, "access[\(index)]", facts) { rules.append(rule) }
    }
    return rules
  }

  private mutating func readRule(
    _ entry: String, _ place: String, _ facts: ProcessFacts
  ) -> AccessRule? {
    let mistakes = findings.count
    var members: [String: String] = [:]
    for member in entry.split(separator: entry.contains(Self.separator) ? Self.separator : " ") {
      let parts = member.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, Self.memberNames.contains(parts[0]) else {
        mistake(
          .unknown,
          "\(place): '\(member)' is none of \(Self.memberNames.joined(separator: ", "))")
        continue
      }
      if members.updateValue(parts[1], forKey: parts[0]) != nil {
        mistake(.duplicate, "\(place).\(parts[0]) stands there twice")
      }
    }
    let subject = readSubject(members, place, facts)
    let role = readRole(members["role"], place)
    let scope = readScope(members, subject, role, place)
    guard findings.count == mistakes, let subject, let role else { return nil }
    return AccessRule(subject: subject, role: role, scope: scope)
  }

  private static let subjectNames = ["uid", "gid", "certificate", "token"]
  private static let memberNames = subjectNames + ["role", "scope", "node"]

  private mutating func mistake(_ reason: CauseReason, _ message: String) {
    find(source(.access), reason, message)
  }

  private mutating func readSubject(
    _ members: [String: String], _ place: String, _ facts: ProcessFacts
  ) -> AccessRule.Subject? {
    let named = Self.subjectNames.filter { members[$0] != nil }
    guard named.count == 1, let text = members[named[0]] else {
      mistake(
        .required, "\(place) must name one of \(Self.subjectNames.joined(separator: ", "))")
      return nil
    }
    switch named[0] {
    case "uid", "gid":
      let kind: MachineAccounts.Kind = named[0] == "uid" ? .user : .group
      guard let number = UInt32(text) ?? facts.identifier(kind, text), number != .max else {
        mistake(
          .invalid,
          "\(place).\(named[0]): '\(text)' is no number and no \(kind) of this machine")
        return nil
      }
      return kind == .user ? .uid(number) : .gid(number)
    case "certificate":
      guard text.count(where: { $0 == "*" }) <= 1 else {
        mistake(.invalid, "\(place).certificate: '\(text)' has more than one '*'")
        return nil
      }
      return .certificate(text)
    default:
      guard text.hasPrefix("sha256:"), let digest = Hexadecimal.bytes(text.dropFirst(7)),
        digest.count == 32
      else {
        mistake(
          .invalid,
          "\(place).token must be 'sha256:' and the 64 digits that sha256sum writes of the token")
        return nil
      }
      return .token(digest)
    }
  }

  private mutating func readRole(_ text: String?, _ place: String) -> Role? {
    let names = Role.allCases.filter { $0 != .none }.map(\.name).joined(separator: ", ")
    guard let text else {
      mistake(.required, "\(place).role is required: one of \(names)")
      return nil
    }
    guard let role = Role.allCases.first(where: { $0 != .none && $0.name == text }) else {
      mistake(.notSupported, "\(place).role: '\(text)' is none of \(names)")
      return nil
    }
    return role
  }

  private mutating func readScope(
    _ members: [String: String], _ subject: AccessRule.Subject?, _ role: Role?, _ place: String
  ) -> AccessRule.Scope? {
    guard let scope = members["scope"] else {
      if members["node"] != nil { mistake(.invalid, "\(place).node needs scope: node") }
      return nil
    }
    guard scope == "node" else {
      mistake(.notSupported, "\(place).scope: '\(scope)' must be node")
      return nil
    }
    if let role, role != .allocator {
      mistake(.invalid, "\(place).scope goes with the role allocator, not \(role.name)")
    }
    if let node = members["node"] { return .node(node) }
    if case .certificate(let pattern) = subject, pattern.contains("*") { return .certificate }
    mistake(
      .required,
      "\(place).node is required: only a certificate with a '*' names its node by itself")
    return nil
  }

  /// The files of TLS listeners; nil when none is named.
  mutating func readTLS(_ facts: ProcessFacts, needsTLS: Bool) -> TLSFiles? {
    let paths = [Setting.tlsCertificate, .tlsKey, .tlsClientCA].map { path(of: $0, facts) }
    if let certificate = paths[0], let key = paths[1] {
      return TLSFiles(certificate: certificate, key: key, clientCA: paths[2])
    }
    guard needsTLS || paths.contains(where: { $0 != nil }) else { return nil }
    for (setting, path) in zip([Setting.tlsCertificate, .tlsKey], paths) where path == nil {
      find(source(setting), .required, "must name a PEM file: TLS needs a certificate and its key")
    }
    return nil
  }

  /// A name without a folder is that of a credential, where the service manager passes some on.
  private func path(of setting: Setting, _ facts: ProcessFacts) -> String? {
    guard let text = text(setting) else { return nil }
    guard !text.contains("/"), let folder = facts.variable("CREDENTIALS_DIRECTORY") else {
      return text
    }
    return "\(folder)/\(text)"
  }

  func readConnectionLimits() -> ConnectionLimits {
    var limits = ConnectionLimits()
    limits.perPeer = number(.connectionsPerPeer) ?? limits.perPeer
    limits.inFlight = number(.inFlight) ?? limits.inFlight
    limits.lineSeconds = number(.lineSeconds) ?? limits.lineSeconds
    limits.writeSeconds = number(.writeSeconds) ?? limits.writeSeconds
    limits.idleSeconds = number(.idleSeconds) ?? limits.idleSeconds
    return limits
  }
}
