/// What the compiler cannot prove stands in few targets, with its proof beside it.
///
/// `@unchecked Sendable` and `nonisolated(unsafe)` have theirs on the line above. One proof does
/// for all `unsafe` expressions or weak orderings of a function, or of a file if it names them.
enum UnsafeRule {
  static let targets: Set = [
    "AddressBitmap", "CNIPlugin", "ClientShell", "IPLedgerClient", "LineProtocol", "SQLiteLedger",
    "Transport",
  ]
  static let weakOrderings: Set = ["relaxed", "acquiring", "releasing", "acquiringAndReleasing"]

  enum Use: String {
    case unchecked = "@unchecked Sendable"
    case nonisolated = "nonisolated(unsafe)"
    case expression = "unsafe"
    case ordering = "a weak memory ordering"

    /// What the comment of a file says that is about all of these in it.
    var names: [String] {
      switch self {
      case .unchecked, .nonisolated: []
      case .expression: ["unsafe", "pointer"]
      case .ordering: ["relaxed", "acquir", "releas", "order"]
      }
    }
  }

  static func offences(in source: SwiftSource) -> [Offence] {
    guard let target = source.target else { return [] }
    let functions = SwiftFunction.all(in: source)
    return uses(in: source).compactMap { line, use in
      if !targets.contains(target) {
        return source.offence(line, "\(use.rawValue) has no place in \(target)")
      }
      if hasProof(source, line, use, functions) { return nil }
      return source.offence(line, "\(use.rawValue) without its proof on the line above")
    }
  }

  private static func uses(in source: SwiftSource) -> [(line: Int, use: Use)] {
    let tokens = source.tokens
    return tokens.indices.compactMap { index in
      let token = tokens[index]
      let left = index > 0 ? tokens[index - 1].text : ""
      switch token.text {
      case "unchecked" where left == "@": return (token.line, .unchecked)
      case "unsafe" where left == "(" && index > 1 && tokens[index - 2].text == "nonisolated":
        return (token.line, .nonisolated)
      // `@unsafe` asks a proof of the callers.
      case "unsafe" where left != "@": return (token.line, .expression)
      case _ where left == "." && weakOrderings.contains(token.text):
        return (token.line, .ordering)
      default: return nil
      }
    }
  }

  private static func hasProof(
    _ source: SwiftSource, _ line: Int, _ use: Use, _ functions: [SwiftFunction]
  ) -> Bool {
    if commentsDirectlyAbove(source, line) { return true }
    guard !use.names.isEmpty else { return false }
    let isNamed = source.comments.contains { comment in
      let text = comment.value.lowercased()
      return comment.key < line && use.names.contains { text.contains($0) }
    }
    return isNamed
      || functions.contains { function in
        function.lines.contains(line)
          && (commentsDirectlyAbove(source, function.lines.lowerBound)
            || function.lines.contains { $0 <= line && source.comments[$0] != nil })
      }
  }

  /// A comment in front of the statement or declaration that the line belongs to.
  private static func commentsDirectlyAbove(_ source: SwiftSource, _ line: Int) -> Bool {
    var above = line
    while above >= 1 {
      if source.comments[above] != nil { return true }
      above -= 1
      guard above >= 1, !source.lines[above - 1].allSatisfy(\.isWhitespace) else { return false }
      let isComment = source.comments[above] != nil
      // A statement or a declaration's attributes may take a few lines; a block may not.
      let ends = source.lines[above - 1].last.map { "{};".contains($0) } ?? true
      if ends, !isComment { return false }
    }
    return false
  }
}
