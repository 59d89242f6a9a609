package import LineProtocol

/// Gives whoever it is about a role: one entry of `access` in the configuration.
package struct AccessRule: Sendable, Equatable {
  /// Whom it is about.
  package enum Subject: Sendable, Equatable {
    case uid(UInt32)

    /// The primary group of a process, or one of its supplementary ones.
    case gid(UInt32)

    /// A name in the certificate of a client under TLS; `*` stands for any characters.
    case certificate(String)

    /// Whoever has shown the token with this SHA-256 by `server.authenticate`.
    case token([UInt8])
  }

  /// The node whose pods alone it may change.
  package enum Scope: Sendable, Equatable {
    /// What the `*` of the certificate's pattern stands for.
    case certificate
    case node(String)
  }

  package var subject: Subject
  package var role: Role

  /// Nil: of all nodes.
  package var scope: Scope?

  package init(subject: Subject, role: Role, scope: Scope? = nil) {
    self.subject = subject
    self.role = role
    self.scope = scope
  }
}

/// A text with at most one `*`, which stands for one or more characters.
struct NamePattern {
  let text: String

  /// What the `*` stands for in `name`, or `name` itself without one; nil: it does not match.
  func match(_ name: String) -> String? {
    guard let star = text.firstIndex(of: "*") else { return name == text ? name : nil }
    let (before, after) = (text[..<star], text[text.index(after: star)...])
    guard name.utf8.count > before.utf8.count + after.utf8.count, name.hasPrefix(before),
      name.hasSuffix(after)
    else { return nil }
    return String(name.dropFirst(before.count).dropLast(after.count))
  }
}
