/// A JSON string where it stands in its line: nothing is copied until somebody needs the text.
package struct JSONText: Sendable, Hashable {
  // Lines are shorter than two gigabytes, and a request is many texts.
  private let start: UInt32
  private let end: UInt32

  /// Whether there are escapes among them, so that the text is not those bytes.
  package let isEscaped: Bool

  /// The bytes between the quotation marks.
  @inline(__always)
  package var range: Range<Int> {
    // The bounds are in order, by the condition in `init`.
    unsafe Range(uncheckedBounds: (Int(start), Int(end)))
  }

  package init(range: Range<Int>, isEscaped: Bool) {
    self.init(start: range.lowerBound, end: range.upperBound, isEscaped: isEscaped)
  }

  /// The text that ends before `end`, which is no less than `start`.
  @inline(__always)
  init(start: Int, end: Int, isEscaped: Bool) {
    precondition(start >= 0 && start <= end && end <= Int(UInt32.max), "a text lies in its line")
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
    self.isEscaped = isEscaped
  }

  /// Adds the text in UTF-8, without its escapes; `line` is the checked line that it was read from.
  package func append(to bytes: inout [UInt8], from line: Span<UInt8>) {
    guard isEscaped else { return bytes.append(line.extracting(range)) }
    var index = range.lowerBound
    while index < range.upperBound {
      let plainEnd = min(line.stringMark(from: index), range.upperBound)
      bytes.append(line.extracting(index..<plainEnd))
      index = plainEnd
      guard index < range.upperBound else { return }
      index = Self.appendEscape(at: index, to: &bytes, from: line)
    }
  }

  /// Adds what the escape at `index` stands for, and returns where it ends.
  private static func appendEscape(
    at index: Int, to bytes: inout [UInt8], from line: Span<UInt8>
  ) -> Int {
    switch line.byte(at: index + 1) {
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
    case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "u"): return appendCodePoint(at: index, to: &bytes, from: line)
    case let other: bytes.append(other)
    }
    return index + 2
  }

  private static func appendCodePoint(
    at index: Int, to bytes: inout [UInt8], from line: Span<UInt8>
  ) -> Int {
    guard let unit = line.codeUnit(at: index + 2) else {
      preconditionFailure("a checked line has four digits behind \\u")
    }
    var end = index + 6
    var scalar = UInt32(unit)
    if unit & 0xFC00 == 0xD800, let low = line.codeUnit(at: index + 8) {
      scalar = 0x1_0000 + ((scalar & 0x3FF) << 10 | UInt32(low & 0x3FF))
      end += 6
    }
    bytes.append(utf8Of: scalar)
    return end
  }
}

extension Span<UInt8> {
  /// The UTF-16 code unit that four hexadecimal digits from `start` on spell.
  func codeUnit(at start: Int) -> UInt16? {
    var unit: UInt16 = 0
    for offset in 0..<4 {
      let digit: UInt8
      switch byte(at: start + offset) {
      case let byte where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
        digit = byte - UInt8(ascii: "0")
      case let byte where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20):
        digit = (byte | 0x20) - UInt8(ascii: "a") + 10
      default: return nil
      }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }
}

extension [UInt8] {
  /// Adds the bytes of a literal: no object is behind it, whose references threads would count.
  package mutating func append(_ literal: StaticString) {
    append(addingCapacity: literal.utf8CodeUnitCount) { $0.write(literal) }
  }

  /// Adds the bytes at once.
  @inline(__always)
  mutating func append(_ span: Span<UInt8>) {
    append(addingCapacity: span.count) { $0.write(span) }
  }

  /// Adds a code point that is no surrogate.
  fileprivate mutating func append(utf8Of scalar: UInt32) {
    func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (scalar >> shift & 0x3F)) }
    switch scalar {
    case ..<0x80: append(UInt8(scalar))
    case ..<0x800: self += [UInt8(0xC0 | scalar >> 6), tail(0)]
    case ..<0x1_0000: self += [UInt8(0xE0 | scalar >> 12), tail(6), tail(0)]
    default: self += [UInt8(0xF0 | scalar >> 18), tail(12), tail(6), tail(0)]
    }
  }
}
