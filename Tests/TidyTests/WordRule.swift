/// Words that stand for something left undone, and operators that end the process.
enum WordRule {
  /// Split, so that this page does not accuse itself.
  static let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

  static func offences(in source: SwiftSource) -> [Offence] {
    markOffences(source) + trapOffences(source)
  }

  private static func markOffences(_ source: SwiftSource) -> [Offence] {
    source.lines.indices.flatMap { index in
      let words = source.lines[index].split { !($0.isLetter || $0.isNumber || $0 == "_") }
      return marks.filter { mark in words.contains { $0 == mark } }
        .map { source.offence(index + 1, "'\($0)': do it, or file it") }
    }
  }

  private static func trapOffences(_ source: SwiftSource) -> [Offence] {
    let tokens = source.tokens
    return tokens.indices.compactMap { index in
      guard index > 0 else { return nil }
      let (left, token) = (tokens[index - 1], tokens[index])
      if token.text == "(", left.text == "fatalError" {
        return source.offence(token.line, "fatalError: use precondition with a sentence")
      }
      guard token.text == "!", token.isGlued else { return nil }
      let next = index + 1 < tokens.count ? tokens[index + 1] : nil
      if next?.text == "=", next?.isGlued == true { return nil }
      switch left.text {
      case "try", "as": return source.offence(token.line, "\(left.text)!: handle the other case")
      case ")", "]", "}": return source.offence(token.line, "force unwrap")
      default: return left.isWord ? source.offence(token.line, "force unwrap") : nil
      }
    }
  }
}
