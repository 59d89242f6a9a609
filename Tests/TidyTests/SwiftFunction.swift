/// A function, initialiser, accessor or closure-valued variable with a body, by its lines.
struct SwiftFunction {
  let name: String
  let lines: ClosedRange<Int>

  /// All bodies of a source, nested ones too.
  static func all(in source: SwiftSource) -> [SwiftFunction] {
    let tokens = source.tokens
    return tokens.indices.compactMap { start in
      guard begins(at: start, in: tokens), let body = body(after: start, in: tokens) else {
        return nil
      }
      let end = closing(of: body, in: tokens)
      let named = start + 1 < tokens.count && tokens[start + 1].isWord
      let name = tokens[start].text + (named ? " " + tokens[start + 1].text : "")
      return SwiftFunction(name: name, lines: tokens[start].line...tokens[end].line)
    }
  }

  private static func begins(at index: Int, in tokens: [SwiftSource.Token]) -> Bool {
    let isMember = index > 0 && tokens[index - 1].text == "."
    return ["func", "init", "deinit", "subscript", "var"].contains(tokens[index].text) && !isMember
  }

  /// The `{` of the body; nil for a requirement of a protocol, a call and a stored variable.
  private static func body(after start: Int, in tokens: [SwiftSource.Token]) -> Int? {
    var depth = 0
    for index in tokens.indices[(start + 1)...] {
      let token = tokens[index]
      switch token.text {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "{" where depth == 0: return index
      case "}" where depth == 0: return nil
      case "=" where depth == 0 && tokens[start].text == "var": return nil
      case "func", "var", "let", "init", "case", "subscript", "static", "struct", "enum":
        if depth == 0, token.isFirst { return nil }
      default: break
      }
      if depth < 0 { return nil }
    }
    return nil
  }

  private static func closing(of body: Int, in tokens: [SwiftSource.Token]) -> Int {
    var depth = 0
    for index in tokens.indices[body...] {
      if tokens[index].text == "{" { depth += 1 }
      if tokens[index].text == "}" { depth -= 1 }
      if depth == 0 { return index }
    }
    return tokens.count - 1
  }
}
