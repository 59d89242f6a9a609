internal import IPLedgerClient

/// What a line of the shell asks for.
enum ShellInput: Sendable, Hashable {
  case nothing
  case exit
  /// About a method, or about all of them.
  case help(String?)
  case call(String, JSON)

  /// Reads `method key=value …`, a request as raw JSON, or a word of the shell's own.
  ///
  /// Throws what is wrong, for a person.
  init(_ line: String, _ catalogue: MethodCatalogue) throws(ShellInputError) {
    let line = line.drop { $0.isWhitespace }
    if line.first == "{" {
      self = try Self.raw(String(line))
      return
    }
    let words = try Self.words(line)
    guard let first = words.first else {
      self = .nothing
      return
    }
    switch first {
    case "exit", "quit": self = .exit
    case "help", "?": self = .help(words.count > 1 ? words[1] : nil)
    default:
      // As the client's own commands are written: `pod list`.
      if words.count > 1, case let name = "\(first).\(words[1])", catalogue.method(name) != nil {
        throw ShellInputError("a method's name is one word: \(name) key=value")
      }
      self = .call(first, try Self.params(words.dropFirst(), of: catalogue.method(first)))
    }
  }

  private static func raw(_ text: String) throws(ShellInputError) -> ShellInput {
    let request: JSON
    do throws(JSONTextError) {
      request = try JSON(text: text)
    } catch {
      throw ShellInputError(error.description)
    }
    guard let method = request["method"]?.string else {
      throw ShellInputError("a request has a member 'method' that is a string")
    }
    return .call(method, request["params"] ?? [:])
  }

  /// Words end at white space that is not in quotes, braces or brackets.
  static func words(_ line: Substring) throws(ShellInputError) -> [String] {
    var words: [String] = []
    var word = ""
    var isWord = false
    var depth = 0
    var quote: Character?
    var isEscaped = false
    for character in line {
      if isEscaped {
        word.append(character)
        isEscaped = false
        continue
      }
      switch character {
      case "\\" where quote == "\"":
        isEscaped = true
        if depth > 0 { word.append(character) }
      case "'" where depth == 0 && quote != "\"", "\"" where quote != "'":
        quote = quote == nil ? character : nil
        isWord = true
        if depth > 0 { word.append(character) }
      case _ where quote != nil: word.append(character)
      case _ where character.isWhitespace && depth == 0:
        if isWord { words.append(word) }
        word = ""
        isWord = false
      default:
        if character == "{" || character == "[" { depth += 1 }
        if character == "}" || character == "]" { depth -= 1 }
        word.append(character)
        isWord = true
      }
    }
    if let quote { throw ShellInputError("a quote \(quote) is not closed") }
    if depth != 0 { throw ShellInputError("a brace or a bracket is not closed") }
    return isWord ? words + [word] : words
  }

  private static func params(
    _ words: ArraySlice<String>, of method: MethodCatalogue.Method?
  ) throws(ShellInputError) -> JSON {
    var params = JSON.object([])
    for word in words {
      guard let sign = word.firstIndex(of: "="), sign > word.startIndex else {
        throw ShellInputError("'\(word)': params are written key=value")
      }
      let path = word[..<sign].split(separator: ".", omittingEmptySubsequences: false)
      let name = String(path[0])
      let kind = path.count == 1 ? method?.params.first { $0.name == name }?.kind : nil
      let value = value(String(word[word.index(after: sign)...]), kind)
      params = params.setting(path.map { String($0) }[...], to: value)
    }
    return params
  }

  /// A value is text where text is asked for, and JSON where it can be read as such.
  private static func value(_ text: String, _ kind: MethodCatalogue.Kind?) -> JSON {
    if kind == .text { return .string(text) }
    if let value = try? JSON(text: text) { return value }
    guard kind == .list else { return .string(text) }
    return .array(text.split(separator: ",").map { .string(String($0)) })
  }
}

/// What is wrong with a line, for a person.
struct ShellInputError: Error, Hashable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension JSON {
  /// This object with a member deep inside it, which replaces the one there was.
  fileprivate func setting(_ path: ArraySlice<String>, to value: JSON) -> JSON {
    guard let name = path.first else { return value }
    let inner = path.count == 1 ? value : (self[name] ?? [:]).setting(path.dropFirst(), to: value)
    var members = members ?? []
    if let index = members.firstIndex(where: { $0.name == name }) {
      members[index] = Member(name, inner)
    } else {
      members.append(Member(name, inner))
    }
    return .object(members)
  }
}
