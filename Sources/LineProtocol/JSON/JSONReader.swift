/// What kind a JSON value is.
package enum JSONKind: Sendable, Hashable {
  case null, bool, number, string, array, object
}

/// The second pass: reads values, one after the other, from a line that `JSONChecker` has taken.
///
/// It knows no syntax errors, allocates nothing, and never reads outside its line. Values are taken
/// in order: after `nextKey` or `nextElement` the value must be read, entered or skipped.
package struct JSONReader: ~Escapable {
  private let line: Span<UInt8>

  /// Where the next thing to be read starts.
  package private(set) var position: Int

  /// `start` is where a value starts, or white space before it.
  @_lifetime(copy line)
  package init(_ line: Span<UInt8>, at start: Int) {
    precondition(start >= 0, "a value lies inside its line")
    self.line = line
    position = line.skippingSpace(from: start)
  }

  /// The kind of the value that comes next.
  @inline(__always)
  package var kind: JSONKind {
    switch line.byte(at: position) {
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    case UInt8(ascii: "n"): .null
    default: .number
    }
  }

  /// Opens the object or array that comes next.
  @_lifetime(self: copy self)
  package mutating func enter() {
    precondition(kind == .object || kind == .array, "only objects and arrays are entered")
    position = line.skippingSpace(from: position + 1)
  }

  /// The key of the object's next member, whose value comes next; nil at its end, which is passed.
  @_lifetime(self: copy self)
  package mutating func nextKey() -> JSONText? {
    guard nextElement() else { return nil }
    let key = text()
    // Here stands the colon, with white space around it or not.
    position = line.skippingSpace(from: line.skippingSpace(from: position) + 1)
    return key
  }

  /// Whether the array has one more element, which comes next; its end is passed.
  @_lifetime(self: copy self)
  package mutating func nextElement() -> Bool {
    position = line.skippingSpace(from: position)
    switch line.byte(at: position) {
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      position += 1
      return false
    case UInt8(ascii: ","): position = line.skippingSpace(from: position + 1)
    default: break
    }
    return position < line.count
  }

  @_lifetime(self: copy self)
  package mutating func text() -> JSONText {
    precondition(line.byte(at: position) == UInt8(ascii: "\""), "only strings are read as text")
    let start = position &+ 1
    var end = line.stringMark(from: start)
    var isEscaped = false
    while line.byte(at: end) == UInt8(ascii: "\\") {
      isEscaped = true
      end = min(line.stringMark(from: end &+ 2), line.count)
    }
    position = end &+ 1
    return JSONText(start: start, end: end, isEscaped: isEscaped)
  }

  /// The string that comes next, if it is printable ASCII without escapes and ends in the line;
  /// else nil, and nothing is passed.
  @_lifetime(self: copy self) @inline(__always)
  mutating func printableText() -> JSONText? {
    let start = position &+ 1
    let end = line.printableTextEnd(from: start)
    guard line.byte(at: position) == UInt8(ascii: "\""), line.byte(at: end) == UInt8(ascii: "\"")
    else { return nil }
    position = end &+ 1
    return JSONText(start: start, end: end, isEscaped: false)
  }

  @_lifetime(self: copy self)
  package mutating func bool() -> Bool {
    precondition(kind == .bool, "only true and false are read as such")
    let isTrue = line.byte(at: position) == UInt8(ascii: "t")
    position += isTrue ? 4 : 5
    return isTrue
  }

  /// Nil for a number that has a fraction or an exponent, or does not fit; it is passed all the
  /// same.
  @_lifetime(self: copy self)
  package mutating func integer() -> Int64? {
    guard let number = number() else { return nil }
    return number.isNegative
      ? Int64(exactly: -Int128(number.magnitude)) : Int64(exactly: number.magnitude)
  }

  /// The same for numbers that are not negative.
  @_lifetime(self: copy self)
  package mutating func unsigned() -> UInt64? {
    guard let number = number() else { return nil }
    return number.isNegative && number.magnitude > 0 ? nil : number.magnitude
  }

  /// Passes over the value that comes next, however deep it is.
  @_lifetime(self: copy self)
  package mutating func skip() {
    var depth = 0
    repeat {
      switch line.byte(at: position) {
      case UInt8(ascii: "\""): _ = text()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"), ...0x20: position += 1
      default: skipWord()
      }
    } while depth > 0 && position < line.count
  }

  /// Passes over a number, true, false or null.
  @_lifetime(self: copy self)
  private mutating func skipWord() {
    while true {
      switch line.byte(at: position) {
      case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), ...0x20: return
      default: position += 1
      }
    }
  }

  @_lifetime(self: copy self)
  private mutating func number() -> (isNegative: Bool, magnitude: UInt64)? {
    precondition(kind == .number, "only numbers are read as such")
    let isNegative = line.byte(at: position) == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var magnitude: UInt64 = 0
    // Nineteen digits fit, whatever they are.
    let safeEnd = position &+ 19
    while position < safeEnd {
      let digit = line.byte(at: position) &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      magnitude = magnitude &* 10 &+ UInt64(digit)
      position &+= 1
    }
    while true {
      let digit = line.byte(at: position) &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      let (tens, isOver) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, isAlsoOver) = tens.addingReportingOverflow(UInt64(digit))
      guard !isOver, !isAlsoOver else {
        skipWord()
        return nil
      }
      magnitude = sum
      position += 1
    }
    switch line.byte(at: position) {
    case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      skipWord()
      return nil
    default: return (isNegative, magnitude)
    }
  }
}
