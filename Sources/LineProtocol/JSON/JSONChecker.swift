/// The first pass: takes a line that is one JSON value by RFC 8259 and nothing but that.
///
/// Besides the grammar it asks for valid UTF-8, whole surrogate pairs and different keys in each
/// object. It does not recurse. Up to 32 levels and 32 keys of open objects it allocates nothing;
/// a line with more is checked in time that grows with its length and no faster.
package struct JSONChecker: ~Escapable {
  private let line: Span<UInt8>
  private let mostDepth: Int
  private var at: Int
  private var elements = 0
  private var isTooDeep = false
  private var containers = OpenContainers()
  private var keys = SeenKeys()

  @_lifetime(copy line)
  private init(_ line: Span<UInt8>, mostDepth: Int) {
    self.line = line
    self.mostDepth = mostDepth
    at = line.skippingSpace(from: 0)
  }

  /// Checks the whole of `line`, in which the outermost value has the depth 1.
  ///
  /// A line of white space is taken. One that is too deep is checked to its end all the same.
  package static func check(
    _ line: Span<UInt8>, mostDepth: Int
  ) throws(JSONFailure) -> JSONOutline {
    precondition(line.count <= UInt32.max >> 1, "a line is shorter than two gigabytes")
    var checker = JSONChecker(line, mostDepth: mostDepth)
    return try checker.run()
  }

  @_lifetime(self: copy self)
  private mutating func run() throws(JSONFailure) -> JSONOutline {
    let start = at
    var outline = JSONOutline(value: start..<start, elements: 0, isTooDeep: false)
    guard start < line.count else { return outline }
    if hasByteOrderMark { throw failure(.byteOrderMark, at: 0) }
    repeat { try startOrScalar() } while try goOn()
    outline.value = start..<at
    outline.elements = elements
    outline.isTooDeep = isTooDeep
    at = line.skippingSpace(from: at)
    guard at == line.count else { throw failure(.textAfterValue, at: at) }
    return outline
  }

  private var hasByteOrderMark: Bool {
    line.byte(at: 0) == 0xEF && line.byte(at: 1) == 0xBB && line.byte(at: 2) == 0xBF
  }

  /// Reads the start of a value: all of it unless it is an object or array with something in it,
  /// whose first value comes next.
  @_lifetime(self: copy self)
  private mutating func startOrScalar() throws(JSONFailure) {
    while true {
      switch line.byte(at: at) {
      case UInt8(ascii: "\""):
        _ = try string()
        return
      case UInt8(ascii: "{"):
        open(isObject: true)
        if line.byte(at: at) == UInt8(ascii: "}") { return }
        try key()
      case UInt8(ascii: "["):
        open(isObject: false)
        if line.byte(at: at) == UInt8(ascii: "]") { return }
        if containers.depth == 1 { elements = 1 }
      case UInt8(ascii: "t"): return try word("true")
      case UInt8(ascii: "f"): return try word("false")
      case UInt8(ascii: "n"): return try word("null")
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
      default: throw unexpected()
      }
    }
  }

  @_lifetime(self: copy self)
  private mutating func open(isObject: Bool) {
    containers.open(isObject ? UInt32(truncatingIfNeeded: at) &+ 1 : 0)
    if containers.depth > mostDepth { isTooDeep = true }
    at = line.skippingSpace(from: at &+ 1)
  }

  /// Closes what ends behind a value, and moves on to the next value; false when there is none, as
  /// the outermost one has ended.
  @_lifetime(self: copy self)
  private mutating func goOn() throws(JSONFailure) -> Bool {
    while containers.depth > 0 {
      let object = containers.innermost
      at = line.skippingSpace(from: at)
      switch line.byte(at: at) {
      case UInt8(ascii: ","):
        at = line.skippingSpace(from: at &+ 1)
        if object != 0 {
          try key()
        } else if containers.depth == 1 {
          elements &+= 1
        }
        return true
      case UInt8(ascii: "}") where object != 0:
        keys.close(object)
        containers.close()
        at &+= 1
      case UInt8(ascii: "]") where object == 0:
        containers.close()
        at &+= 1
      default: throw unexpected()
      }
    }
    return false
  }

  /// Reads a key with its colon, up to the value.
  @_lifetime(self: copy self)
  private mutating func key() throws(JSONFailure) {
    let start = at
    guard line.byte(at: at) == UInt8(ascii: "\"") else { throw unexpected() }
    let text = try string()
    guard keys.insert(text, of: containers.innermost, in: line) else {
      throw failure(.duplicateKey, at: start)
    }
    at = line.skippingSpace(from: at)
    guard line.byte(at: at) == UInt8(ascii: ":") else { throw unexpected() }
    at = line.skippingSpace(from: at &+ 1)
  }

  /// Reads a string from its quotation mark to the one that ends it.
  @_lifetime(self: copy self)
  private mutating func string() throws(JSONFailure) -> JSONText {
    let start = at &+ 1
    var isEscaped = false
    at = start
    while true {
      at = line.plainTextEnd(from: at)
      let byte = line.byte(at: at)
      switch byte {
      case UInt8(ascii: "\""):
        let text = JSONText(range: start..<at, isEscaped: isEscaped)
        at &+= 1
        return text
      case UInt8(ascii: "\\"):
        isEscaped = true
        try escape()
      case 0x80...:
        let length = line.scalarLength(at: at)
        guard length > 0 else { throw failure(.invalidUTF8, at: at) }
        at &+= length
      default:
        throw at < line.count ? failure(.controlCharacter, at: at) : unexpected()
      }
    }
  }

  @_lifetime(self: copy self)
  private mutating func escape() throws(JSONFailure) {
    switch line.byte(at: at &+ 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at &+= 2
    case UInt8(ascii: "u"):
      guard let unit = line.codeUnit(at: at &+ 2) else { throw badEscape(length: 6) }
      guard unit & 0xF800 == 0xD800 else {
        at &+= 6
        return
      }
      guard unit & 0xFC00 == 0xD800, line.byte(at: at &+ 6) == UInt8(ascii: "\\"),
        line.byte(at: at &+ 7) == UInt8(ascii: "u"), let low = line.codeUnit(at: at &+ 8),
        low & 0xFC00 == 0xDC00
      else { throw failure(.loneSurrogate, at: at) }
      at &+= 12
    default: throw badEscape(length: 2)
    }
  }

  @_lifetime(self: copy self)
  private mutating func word(_ word: StaticString) throws(JSONFailure) {
    for offset in 0..<word.utf8CodeUnitCount {
      // The pointer is that of a literal, which lives for ever, and is read inside its count.
      guard unsafe word.utf8Start[offset] == line.byte(at: at) else { throw unexpected() }
      at &+= 1
    }
  }

  @_lifetime(self: copy self)
  private mutating func number() throws(JSONFailure) {
    if line.byte(at: at) == UInt8(ascii: "-") { at &+= 1 }
    if line.byte(at: at) == UInt8(ascii: "0") {
      at &+= 1
      if isDigit { throw failure(.badNumber, at: at) }
    } else {
      try digits()
    }
    if line.byte(at: at) == UInt8(ascii: ".") {
      at &+= 1
      try digits()
    }
    if line.byte(at: at) | 0x20 == UInt8(ascii: "e") {
      at &+= 1
      let sign = line.byte(at: at)
      if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at &+= 1 }
      try digits()
    }
  }

  private var isDigit: Bool { line.byte(at: at) &- UInt8(ascii: "0") <= 9 }

  /// Reads one digit or more.
  @_lifetime(self: copy self)
  private mutating func digits() throws(JSONFailure) {
    guard isDigit else { throw at < line.count ? failure(.badNumber, at: at) : unexpected() }
    repeat { at &+= 1 } while isDigit
  }

  private func failure(_ fault: JSONFault, at offset: Int) -> JSONFailure {
    JSONFailure(fault: fault, offset: offset, isTooDeep: isTooDeep)
  }

  private func unexpected() -> JSONFailure {
    failure(at < line.count ? .unexpectedByte : .unexpectedEnd, at: Swift.min(at, line.count))
  }

  private func badEscape(length: Int) -> JSONFailure {
    at &+ length > line.count
      ? failure(.unexpectedEnd, at: line.count) : failure(.badEscape, at: at)
  }
}

extension Span<UInt8> {
  /// The bytes of the well-formed UTF-8 sequence above ASCII that starts at `start`; 0 when there
  /// is none: overlong forms, surrogates and what lies above U+10FFFF are none.
  fileprivate func scalarLength(at start: Int) -> Int {
    let second = byte(at: start &+ 1)
    let seconds: ClosedRange<UInt8>
    let length: Int
    switch byte(at: start) {
    case 0xC2...0xDF: (length, seconds) = (2, 0x80...0xBF)
    case 0xE0: (length, seconds) = (3, 0xA0...0xBF)
    case 0xED: (length, seconds) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, seconds) = (3, 0x80...0xBF)
    case 0xF0: (length, seconds) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, seconds) = (4, 0x80...0xBF)
    case 0xF4: (length, seconds) = (4, 0x80...0x8F)
    default: return 0
    }
    guard seconds.contains(second) else { return 0 }
    for offset in 2..<Swift.max(2, length) where byte(at: start &+ offset) & 0xC0 != 0x80 {
      return 0
    }
    return length
  }
}
