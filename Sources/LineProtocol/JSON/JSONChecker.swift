/// The first pass: takes a line that is one JSON value by RFC 8259 and nothing but that.
///
/// Besides the grammar it asks for valid UTF-8, whole surrogate pairs and different keys in each
/// object. It does not recurse. Up to 32 levels and 32 keys of open objects it allocates nothing;
/// a line with more is checked in time that grows with its length and no faster.
///
/// What most lines consist of is read in place; what is rare is a function of the line and an
/// offset, so that the state stays out of memory.
package struct JSONChecker: ~Escapable {
  private let line: Span<UInt8>
  private let mostDepth: Int
  private var at: Int
  private var elements = 0
  private var isTooDeep = false
  private var containers = OpenContainers()

  /// What tells the innermost container from all others when it is an object; 0 for an array.
  private var object: UInt32 = 0
  private var keys = SeenKeys()

  /// Whether the string that was read last has escapes.
  private var isEscaped = false

  @_lifetime(copy line) @inline(__always)
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
    var members = OutermostMembers()
    return try check(line, mostDepth: mostDepth, members: &members)
  }

  /// The same, and says where the members of the outermost object are.
  static func check(
    _ line: Span<UInt8>, mostDepth: Int, members: inout OutermostMembers
  ) throws(JSONFailure) -> JSONOutline {
    precondition(line.count <= UInt32.max >> 1, "a line is shorter than two gigabytes")
    var checker = JSONChecker(line, mostDepth: mostDepth)
    do throws(Stop) {
      let value = try checker.run(&members)
      return JSONOutline(
        value: value, elements: checker.elements, isTooDeep: checker.isTooDeep)
    } catch {
      throw JSONFailure(
        fault: error.fault, offset: error.offset, isTooDeep: checker.isTooDeep)
    }
  }

  @_lifetime(self: copy self) @inline(__always)
  private mutating func run(_ members: inout OutermostMembers) throws(Stop) -> Range<Int> {
    let start = at
    guard start < line.count else { return start..<start }
    if hasByteOrderMark { throw Stop(.byteOrderMark, 0) }
    repeat { try startOrScalar(&members) } while try goOn(&members)
    let end = at
    at = line.skippingSpace(from: at)
    guard at == line.count else { throw Stop(.textAfterValue, at) }
    return start..<end
  }

  private var hasByteOrderMark: Bool {
    line.byte(at: 0) == 0xEF && line.byte(at: 1) == 0xBB && line.byte(at: 2) == 0xBF
  }

  /// Reads the start of a value: all of it unless it is an object or array with something in it,
  /// whose first value comes next.
  @_lifetime(self: copy self) @inline(__always)
  private mutating func startOrScalar(_ members: inout OutermostMembers) throws(Stop) {
    while true {
      switch line.byte(at: at) {
      case UInt8(ascii: "\""): return try string()
      case UInt8(ascii: "{"):
        open(isObject: true)
        isEscaped = false
        if line.byte(at: at) == UInt8(ascii: "}") { return }
        try key(&members)
      case UInt8(ascii: "["):
        open(isObject: false)
        isEscaped = false
        if line.byte(at: at) == UInt8(ascii: "]") { return }
        if containers.depth == 1 { elements = 1 }
      default:
        isEscaped = false
        at = try line.wordOrNumberEnd(from: at)
        return
      }
    }
  }

  @_lifetime(self: copy self) @inline(__always)
  private mutating func open(isObject: Bool) {
    containers.open(object)
    object = isObject ? UInt32(truncatingIfNeeded: at) &+ 1 : 0
    keys.open()
    if containers.depth > mostDepth { isTooDeep = true }
    at = line.skippingSpace(from: at &+ 1)
  }

  /// Closes what ends behind a value, and moves on to the next value; false when there is none, as
  /// the outermost one has ended.
  @_lifetime(self: copy self) @inline(__always)
  private mutating func goOn(_ members: inout OutermostMembers) throws(Stop) -> Bool {
    while containers.depth > 0 {
      if containers.depth == 1 { members.endValue(at: at, isEscaped: isEscaped) }
      at = line.skippingSpace(from: at)
      switch line.byte(at: at) {
      case UInt8(ascii: ","):
        at = line.skippingSpace(from: at &+ 1)
        if object != 0 {
          try key(&members)
        } else if containers.depth == 1 {
          elements &+= 1
        }
        return true
      case UInt8(ascii: "}") where object != 0:
        keys.removeAll(of: object)
        close()
      case UInt8(ascii: "]") where object == 0: close()
      default: throw line.unexpected(at: at)
      }
    }
    return false
  }

  @_lifetime(self: copy self) @inline(__always)
  private mutating func close() {
    object = containers.close()
    keys.close()
    isEscaped = false
    at &+= 1
  }

  /// Reads a key with its colon, up to the value.
  @_lifetime(self: copy self) @inline(__always)
  private mutating func key(_ members: inout OutermostMembers) throws(Stop) {
    let start = at
    guard line.byte(at: at) == UInt8(ascii: "\"") else { throw line.unexpected(at: at) }
    try string()
    let text = JSONText(start: start &+ 1, end: at &- 1, isEscaped: isEscaped)
    guard keys.insert(text, of: object, in: line) else { throw Stop(.duplicateKey, start) }
    at = line.skippingSpace(from: at)
    guard line.byte(at: at) == UInt8(ascii: ":") else { throw line.unexpected(at: at) }
    at = line.skippingSpace(from: at &+ 1)
    if containers.depth == 1 { members.begin(text, valueAt: at) }
  }

  /// Reads a string from its quotation mark to the one that ends it.
  @_lifetime(self: copy self) @inline(__always)
  private mutating func string() throws(Stop) {
    isEscaped = false
    at = line.plainTextEnd(from: at &+ 1)
    if line.byte(at: at) != UInt8(ascii: "\"") {
      (at, isEscaped) = try line.stringEnd(from: at)
    }
    at &+= 1
  }
}

extension JSONChecker {
  /// Where the line stops being JSON.
  fileprivate struct Stop: Error {
    let fault: JSONFault
    let offset: Int

    init(_ fault: JSONFault, _ offset: Int) {
      self.fault = fault
      self.offset = offset
    }
  }
}

/// What is rare in a line.
extension Span<UInt8> {
  fileprivate func unexpected(at offset: Int) -> JSONChecker.Stop {
    offset < count ? .init(.unexpectedByte, offset) : .init(.unexpectedEnd, count)
  }

  /// The end of a string whose plain text has ended at `start`: its quotation mark.
  @inline(never)
  fileprivate func stringEnd(
    from start: Int
  ) throws(JSONChecker.Stop) -> (end: Int, isEscaped: Bool) {
    var isEscaped = false
    var at = start
    while true {
      let byte = byte(at: at)
      switch byte {
      case UInt8(ascii: "\""): return (at, isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        at = try escapeEnd(from: at)
      case 0x80...:
        let length = scalarLength(at: at)
        guard length > 0 else { throw .init(.invalidUTF8, at) }
        at &+= length
      default: throw at < count ? .init(.controlCharacter, at) : unexpected(at: at)
      }
      at = plainTextEnd(from: at)
    }
  }

  private func escapeEnd(from start: Int) throws(JSONChecker.Stop) -> Int {
    switch byte(at: start &+ 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return start &+ 2
    case UInt8(ascii: "u"):
      guard let unit = codeUnit(at: start &+ 2) else { throw badEscape(at: start, length: 6) }
      guard unit & 0xF800 == 0xD800 else { return start &+ 6 }
      guard unit & 0xFC00 == 0xD800, byte(at: start &+ 6) == UInt8(ascii: "\\"),
        byte(at: start &+ 7) == UInt8(ascii: "u"), let low = codeUnit(at: start &+ 8),
        low & 0xFC00 == 0xDC00
      else { throw .init(.loneSurrogate, start) }
      return start &+ 12
    default: throw badEscape(at: start, length: 2)
    }
  }

  private func badEscape(at start: Int, length: Int) -> JSONChecker.Stop {
    start &+ length > count ? .init(.unexpectedEnd, count) : .init(.badEscape, start)
  }

  /// The end of the number, true, false or null that starts at `start`.
  @inline(never)
  fileprivate func wordOrNumberEnd(from start: Int) throws(JSONChecker.Stop) -> Int {
    switch byte(at: start) {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try numberEnd(from: start)
    case UInt8(ascii: "t"): try end(of: "true", from: start)
    case UInt8(ascii: "f"): try end(of: "false", from: start)
    case UInt8(ascii: "n"): try end(of: "null", from: start)
    default: throw unexpected(at: start)
    }
  }

  private func end(of word: StaticString, from start: Int) throws(JSONChecker.Stop) -> Int {
    for offset in 0..<word.utf8CodeUnitCount {
      // The pointer is that of a literal, which lives for ever, and is read inside its count.
      guard unsafe word.utf8Start[offset] == byte(at: start &+ offset) else {
        throw unexpected(at: start &+ offset)
      }
    }
    return start &+ word.utf8CodeUnitCount
  }

  private func numberEnd(from start: Int) throws(JSONChecker.Stop) -> Int {
    var at = start
    if byte(at: at) == UInt8(ascii: "-") { at &+= 1 }
    if byte(at: at) == UInt8(ascii: "0") {
      at &+= 1
      if isDigit(at: at) { throw .init(.badNumber, at) }
    } else {
      at = try digitsEnd(from: at)
    }
    if byte(at: at) == UInt8(ascii: ".") { at = try digitsEnd(from: at &+ 1) }
    if byte(at: at) | 0x20 == UInt8(ascii: "e") {
      at &+= 1
      let sign = byte(at: at)
      if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at &+= 1 }
      at = try digitsEnd(from: at)
    }
    return at
  }

  @inline(__always)
  private func isDigit(at offset: Int) -> Bool { byte(at: offset) &- UInt8(ascii: "0") <= 9 }

  /// The end of one digit or more.
  @inline(__always)
  private func digitsEnd(from start: Int) throws(JSONChecker.Stop) -> Int {
    guard isDigit(at: start) else {
      throw start < count ? .init(.badNumber, start) : unexpected(at: start)
    }
    var at = start
    repeat { at &+= 1 } while isDigit(at: at)
    return at
  }

  /// The bytes of the well-formed UTF-8 sequence above ASCII that starts at `start`; 0 when there
  /// is none: overlong forms, surrogates and what lies above U+10FFFF are none.
  private func scalarLength(at start: Int) -> Int {
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
