/// A Swift file as the rules see it: lines, words, punctuation, comments; no contents of strings.
struct SwiftSource: Sendable {
  /// A word, or one character of punctuation.
  struct Token: Sendable, Equatable {
    let text: String
    let line: Int

    /// Whether no white space stands between it and the token before.
    let isGlued: Bool

    /// Whether it is the first of its line.
    let isFirst: Bool

    var isWord: Bool {
      text.unicodeScalars.first.map { $0.properties.isXIDContinue || $0 == "_" || $0 == "`" }
        ?? false
    }
  }

  /// From the repository's root: `Sources/Policy/PolicyRefusal.swift`.
  let path: String
  let lines: [Substring]
  let tokens: [Token]

  /// The text of the comment on a line, by the line's number from 1.
  let comments: [Int: String]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var lexer = SwiftLexer(text)
    lexer.run()
    tokens = lexer.tokens
    comments = lexer.comments
  }

  /// `Policy` of `Sources/Policy/PolicyRefusal.swift`; nil for what is not in Sources.
  var target: String? {
    let parts = path.split(separator: "/")
    return parts.first == "Sources" && parts.count > 2 ? String(parts[1]) : nil
  }

  /// `PolicyRefusal` of `Sources/Policy/PolicyRefusal.swift`.
  var stem: String {
    String(path.split(separator: "/").last?.dropLast(".swift".count) ?? "")
  }

  func offence(_ line: Int, _ message: String) -> Offence {
    Offence(path: path, line: line, message: message)
  }
}
