/// What may be wrong with a name.
enum NameFinding {
  case empty
  case tooLong
  case controlCharacter

  /// Nil for a good name; the bytes at `range` of `line` are valid UTF-8.
  @inline(__always)
  init?(_ line: Span<UInt8>, _ range: Range<Int>, mostBytes: Int) {
    if range.isEmpty {
      self = .empty
    } else if range.count > mostBytes {
      self = .tooLong
    } else if Self.hasControlCharacter(line, range) {
      self = .controlCharacter
    } else {
      return nil
    }
  }

  /// Whether there is one of U+0000 to U+001F, U+007F, or U+0080 to U+009F, which UTF-8 spells C2
  /// 80 to C2 9F.
  @inline(__always)
  private static func hasControlCharacter(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    line.printableEnd(from: range.lowerBound) < range.upperBound
      && hasControlCharacter(bytesOf: line, range)
  }

  @inline(never)
  private static func hasControlCharacter(
    bytesOf line: Span<UInt8>, _ range: Range<Int>
  ) -> Bool {
    for index in range {
      let byte = line[index]
      if byte < 0x20 || byte == 0x7F { return true }
      if byte == 0xC2, index + 1 < range.upperBound, line[index + 1] < 0xA0 { return true }
    }
    return false
  }
}
