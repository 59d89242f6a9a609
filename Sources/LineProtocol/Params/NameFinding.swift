/// What may be wrong with a name.
enum NameFinding {
  case empty
  case tooLong
  case controlCharacter

  /// Nil for a good name; the bytes at `range` of `line` are valid UTF-8.
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
  private static func hasControlCharacter(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    while start < range.upperBound {
      // Spaces in place of what lies behind the name.
      let left = range.upperBound - start
      let padding: UInt64 = left >= 8 ? 0 : spaces &<< UInt64(8 &* left)
      if !isPrintableASCII(line.word(at: start, count: left) | padding) {
        return hasControlCharacter(bytesOf: line, start..<range.upperBound)
      }
      start += 8
    }
    return false
  }

  private static let spaces: UInt64 = 0x2020_2020_2020_2020

  /// Whether all eight bytes are from 0x20 to 0x7E.
  private static func isPrintableASCII(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // Below 0x80, adding 1 reaches the top bit only from 0x7F; of bytes below 0x20 the top three
    // bits are zero, so that adding 0x60 does not reach it.
    let isASCII = word & (ones &* 0x80) == 0
    let hasNoDelete = (word &+ ones) & (ones &* 0x80) == 0
    let hasNoControl = (word &+ ones &* 0x60) & (ones &* 0x80) == ones &* 0x80
    return isASCII && hasNoDelete && hasNoControl
  }

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
