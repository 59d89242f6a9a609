package import Addressing

/// Writes JSON into bytes, with the commas that it needs.
///
/// Nothing is allocated beyond growing `bytes`. What is opened must be closed, and each name is
/// followed by one value: that is up to the caller.
package struct JSONWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  /// Whether a value stands before, in the same object, array or line.
  private var needsComma = false

  package init() {}

  package mutating func beginObject() { begin(UInt8(ascii: "{")) }
  package mutating func endObject() { end(UInt8(ascii: "}")) }
  package mutating func beginArray() { begin(UInt8(ascii: "[")) }
  package mutating func endArray() { end(UInt8(ascii: "]")) }

  /// Ends a line.
  package mutating func newline() { end(UInt8(ascii: "\n"), needsComma: false) }

  /// Starts anew.
  package mutating func removeAll(keepingCapacity: Bool = false) {
    bytes.removeAll(keepingCapacity: keepingCapacity)
    needsComma = false
  }

  private mutating func begin(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func end(_ byte: UInt8, needsComma: Bool = true) {
    bytes.append(byte)
    self.needsComma = needsComma
  }

  /// A comma where one is due; what follows it makes the next one due.
  @inline(__always)
  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }
}

/// The name of an object's member, whose value comes next.
extension JSONWriter {
  /// A name that needs no escapes.
  package mutating func name(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    // The pointer is that of a literal, which lives for ever, and is read inside its count.
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  // Literals are meant to be static strings.
  @_disfavoredOverload
  package mutating func name(_ name: String) {
    self.name(utf8: name.utf8Span.span)
  }

  /// A name in valid UTF-8.
  package mutating func name(utf8 name: Span<UInt8>) {
    value(utf8: name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }
}

extension JSONWriter {
  package mutating func value(_ text: String) {
    value(utf8: text.utf8Span.span)
  }

  /// A string in valid UTF-8.
  package mutating func value(utf8 text: Span<UInt8>) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(escaping: text)
    bytes.append(UInt8(ascii: "\""))
  }

  package mutating func value(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  package mutating func value(_ number: Int) { value(Int64(number)) }

  package mutating func value(_ number: Int64) {
    separate()
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    bytes.append(decimal: number.magnitude)
  }

  package mutating func value(_ number: UInt64) {
    separate()
    bytes.append(decimal: number)
  }

  package mutating func value(_ address: IPAddress) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    address.appendText(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  package mutating func value(_ block: CIDR) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    block.appendText(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// A time, from milliseconds since 1970.
  package mutating func value(time: Int64) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    RFC3339.append(time, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  package mutating func value(_ id: RequestID) {
    switch id {
    case .null:
      separate()
      bytes.append(contentsOf: "null".utf8)
    case .int(let number): value(number)
    case .unsigned(let number): value(number)
    case .string(let json): value(json: json.span)
    }
  }

  /// Bytes that are one JSON value already.
  package mutating func value(json: Span<UInt8>) {
    separate()
    bytes.append(json)
  }
}

extension [UInt8] {
  fileprivate mutating func append(decimal number: UInt64) {
    guard number >= 10 else { return append(UInt8(ascii: "0") + UInt8(number)) }
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var start = 20
    var rest = number
    while rest > 0 {
      start &-= 1
      digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    append(digits.span.extracting(start...))
  }

  /// Adds the text of a string, with escapes where JSON needs them and nowhere else.
  fileprivate mutating func append(escaping text: Span<UInt8>) {
    var index = 0
    while true {
      let end = text.needingEscape(from: index)
      append(text.extracting(index..<end))
      guard end < text.count else { return }
      append(UInt8(ascii: "\\"))
      switch text[end] {
      case 0x08: append(UInt8(ascii: "b"))
      case 0x0C: append(UInt8(ascii: "f"))
      case UInt8(ascii: "\n"): append(UInt8(ascii: "n"))
      case UInt8(ascii: "\r"): append(UInt8(ascii: "r"))
      case UInt8(ascii: "\t"): append(UInt8(ascii: "t"))
      case let byte where byte < 0x20:
        append(contentsOf: (byte < 0x10 ? "u000" : "u001").utf8)
        let digit = byte & 0xF
        append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      case let byte: append(byte)
      }
      index = end + 1
    }
  }
}

extension Span<UInt8> {
  /// The first byte from `start` on that a JSON string cannot hold as it is.
  fileprivate func needingEscape(from start: Int) -> Int {
    var index = plainTextEnd(from: start)
    while index < count, byte(at: index) >= 0x80 { index = plainTextEnd(from: index + 1) }
    return index
  }
}
