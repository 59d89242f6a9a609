/// Takes a Swift text apart into tokens and comments; code inside string interpolations counts.
struct SwiftLexer {
  private(set) var tokens: [SwiftSource.Token] = []
  private(set) var comments: [Int: String] = [:]
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var line = 1
  private var isGlued = false
  private var isFirst = true

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
  }

  mutating func run() {
    scanCode(untilParenthesis: false)
  }

  private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    index + distance < scalars.count ? scalars[index + distance] : nil
  }

  private func starts(_ text: String) -> Bool {
    scalars[index...].starts(with: text.unicodeScalars)
  }

  private mutating func skip(_ count: Int = 1) {
    for _ in 0..<count where index < scalars.count {
      if scalars[index] == "\n" {
        line += 1
        isFirst = true
      }
      index += 1
    }
  }

  private mutating func emit(_ length: Int) {
    let text = String(String.UnicodeScalarView(scalars[index..<(index + length)]))
    tokens.append(.init(text: text, line: line, isGlued: isGlued, isFirst: isFirst))
    index += length
    isGlued = true
    isFirst = false
  }

  /// The whole text, or the inside of an interpolation up to its closing parenthesis.
  private mutating func scanCode(untilParenthesis: Bool) {
    var depth = 0
    while let scalar = peek() {
      if untilParenthesis, depth == 0, scalar == ")" { return }
      if scalar.properties.isWhitespace {
        skip()
        isGlued = false
      } else if starts("//") {
        scanLineComment()
      } else if starts("/*") {
        scanBlockComment()
      } else if let hashes = hashesBeforeQuote() {
        scanString(hashes: hashes)
      } else if scalar == "`" {
        scanQuotedName()
      } else if isWord(scalar) {
        scanWord()
      } else {
        if scalar == "(" { depth += 1 }
        if scalar == ")" { depth -= 1 }
        emit(1)
      }
    }
  }

  private func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isXIDContinue
  }

  private mutating func scanWord() {
    var length = 1
    while let next = peek(length), isWord(next) { length += 1 }
    emit(length)
  }

  private mutating func scanQuotedName() {
    var length = 1
    while let next = peek(length), next != "`", next != "\n" { length += 1 }
    emit(min(length + 1, scalars.count - index))
  }

  private mutating func scanLineComment() {
    let start = index
    while let scalar = peek(), scalar != "\n" { index += 1 }
    note(start..<index, line)
  }

  private mutating func scanBlockComment() {
    var depth = 0
    repeat {
      let opens = starts("/*")
      let closes = starts("*/")
      if opens { depth += 1 }
      if closes { depth -= 1 }
      note(index..<min(index + 1, scalars.count), line)
      skip(opens || closes ? 2 : 1)
    } while depth > 0 && index < scalars.count
    isGlued = false
  }

  private mutating func note(_ range: Range<Int>, _ line: Int) {
    comments[line, default: ""] += String(String.UnicodeScalarView(scalars[range]))
  }

  /// How many `#` stand here before a quote; nil when no string begins here.
  private func hashesBeforeQuote() -> Int? {
    var count = 0
    while peek(count) == "#" { count += 1 }
    return peek(count) == "\"" ? count : nil
  }

  private mutating func scanString(hashes: Int) {
    let hash = String(repeating: "#", count: hashes)
    skip(hashes)
    let quote = starts("\"\"\"") ? "\"\"\"" : "\""
    skip(quote.count)
    isGlued = true
    while index < scalars.count {
      if starts("\\" + hash + "(") {
        skip(2 + hashes)
        scanCode(untilParenthesis: true)
        skip()
      } else if starts("\\" + hash) {
        skip(2 + hashes)
      } else if starts(quote + hash) {
        skip(quote.count + hashes)
        break
      } else {
        skip()
      }
    }
    isGlued = true
    isFirst = false
  }
}
