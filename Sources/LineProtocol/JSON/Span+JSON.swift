extension Span<UInt8> {
  /// The byte at `index`, which is not negative; 0, which JSON has no use for, behind the last one.
  @inline(__always)
  func byte(at index: Int) -> UInt8 {
    // `index` was compared with the count, and is never negative.
    unsafe index < count ? self[unchecked: index] : 0
  }

  /// The first byte from `start` on that is no white space of JSON; the count when there is none.
  @inline(__always)
  func skippingSpace(from start: Int) -> Int {
    var index = start
    while byte(at: index) <= 0x20, isSpace(byte(at: index)) { index &+= 1 }
    return index
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
      || byte == UInt8(ascii: "\r")
  }

  /// Eight bytes from `start`, the first one lowest; nil when fewer are left.
  @inline(__always)
  func fullWord(at start: Int) -> UInt64? {
    guard start >= 0, start &+ 8 <= count else { return nil }
    // Eight bytes from `start` are inside the span: both ends were compared above.
    return UInt64(
      littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
  }

  /// The first byte from `start` on that ends plain text inside a string: a quotation mark, a
  /// backslash, a control character, or a byte above ASCII; the count when there is none.
  @inline(__always)
  func plainTextEnd(from start: Int) -> Int {
    var index = start
    while let word = fullWord(at: index) {
      let marks =
        word.zeroBytes(xor: UInt8(ascii: "\"")) | word.zeroBytes(xor: UInt8(ascii: "\\"))
        | word.bytesBelowSpace | (word & .topBits)
      if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < count {
      let byte = byte(at: index)
      if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        return index
      }
      index &+= 1
    }
    return index
  }

  /// The first quotation mark or backslash from `start` on; the count when there is none.
  @inline(__always)
  func stringMark(from start: Int) -> Int {
    var index = start
    while let word = fullWord(at: index) {
      let marks =
        word.zeroBytes(xor: UInt8(ascii: "\"")) | word.zeroBytes(xor: UInt8(ascii: "\\"))
      if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < count {
      let byte = byte(at: index)
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
      index &+= 1
    }
    return index
  }

  /// The first newline from `start` on.
  func newline(from start: Int) -> Int? {
    var index = start
    while let word = fullWord(at: index) {
      let marks = word.zeroBytes(xor: UInt8(ascii: "\n"))
      if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < count {
      if byte(at: index) == UInt8(ascii: "\n") { return index }
      index &+= 1
    }
    return nil
  }
}

// Each mark is the top bit of its byte. A borrow can set a mark above a true one only, so that the
// lowest mark is always true.
extension UInt64 {
  static let topBits: UInt64 = 0x8080_8080_8080_8080
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// Marks the bytes that are equal to `byte`.
  @inline(__always)
  fileprivate func zeroBytes(xor byte: UInt8) -> UInt64 {
    let word = self ^ (Self.ones &* UInt64(byte))
    return (word &- Self.ones) & ~word & Self.topBits
  }

  /// Marks the bytes below 0x20.
  @inline(__always)
  fileprivate var bytesBelowSpace: UInt64 {
    (self &- (Self.ones &* 0x20)) & ~self & Self.topBits
  }
}
