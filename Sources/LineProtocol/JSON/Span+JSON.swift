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
    byte(at: start) > 0x20 ? start : spaceEnd(from: start)
  }

  private func spaceEnd(from start: Int) -> Int {
    var index = start
    while isSpace(byte(at: index)) { index &+= 1 }
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

  /// Sixteen bytes from `start`; nil when fewer are left.
  @inline(__always)
  private func vector(at start: Int) -> SIMD16<UInt8>? {
    guard start >= 0, start &+ 16 <= count else { return nil }
    // Sixteen bytes from `start` are inside the span: both ends were compared above.
    return unsafe bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: start, as: SIMD16<UInt8>.self)
  }

  /// The first byte from `start` on that is marked; the count when there is none.
  ///
  /// Both functions mark the same bytes: one of sixteen, and one of eight where no more are left.
  @inline(__always)
  private func firstMark(
    from start: Int, _ vectorMarks: (SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>>,
    _ wordMarks: (UInt64) -> UInt64
  ) -> Int {
    var index = start
    while let vector = vector(at: index) {
      let marks = vectorMarks(vector).halves
      if marks.low != 0 { return index &+ marks.low.trailingZeroBitCount / 8 }
      if marks.high != 0 { return index &+ 8 &+ marks.high.trailingZeroBitCount / 8 }
      index &+= 16
    }
    while index < count {
      // What lies behind the end is zero, and marked or not makes no difference.
      let marks = wordMarks(word(at: index, count: count &- index))
      if marks != 0 { return Swift.min(index &+ marks.trailingZeroBitCount / 8, count) }
      index &+= 8
    }
    return Swift.max(start, count)
  }

  /// The first byte from `start` on that ends plain text inside a string: a quotation mark, a
  /// backslash, a control character, or a byte above ASCII; the count when there is none.
  @inline(__always)
  func plainTextEnd(from start: Int) -> Int {
    firstMark(from: start) { vector in
      // Above ASCII is below zero, too.
      vector.marks(of: UInt8(ascii: "\"")) .| vector.marks(of: UInt8(ascii: "\\"))
        .| vector.marks(below: 0x20)
    } _: { word in
      word.zeroBytes(xor: UInt8(ascii: "\"")) | word.zeroBytes(xor: UInt8(ascii: "\\"))
        | word.bytesBelowSpace | (word & .topBits)
    }
  }

  /// The first quotation mark or backslash from `start` on; the count when there is none.
  @inline(__always)
  func stringMark(from start: Int) -> Int {
    firstMark(from: start) { vector in
      vector.marks(of: UInt8(ascii: "\"")) .| vector.marks(of: UInt8(ascii: "\\"))
    } _: { word in
      word.zeroBytes(xor: UInt8(ascii: "\"")) | word.zeroBytes(xor: UInt8(ascii: "\\"))
    }
  }

  /// The first byte from `start` on that is a quotation mark, a backslash, or no printable ASCII;
  /// the count when there is none.
  @inline(__always)
  func printableTextEnd(from start: Int) -> Int {
    firstMark(from: start) { vector in
      vector.marks(of: UInt8(ascii: "\"")) .| vector.marks(of: UInt8(ascii: "\\"))
        .| vector.marks(below: 0x20) .| vector.marks(of: 0x7F)
    } _: { word in
      word.zeroBytes(xor: UInt8(ascii: "\"")) | word.zeroBytes(xor: UInt8(ascii: "\\"))
        | word.zeroBytes(xor: 0x7F) | word.bytesBelowSpace | (word & .topBits)
    }
  }

  /// The first byte from `start` on that is no printable ASCII; the count when there is none.
  @inline(__always)
  func printableEnd(from start: Int) -> Int {
    firstMark(from: start) { vector in
      vector.marks(of: 0x7F) .| vector.marks(below: 0x20)
    } _: { word in
      word.zeroBytes(xor: 0x7F) | word.bytesBelowSpace | (word & .topBits)
    }
  }

  /// The first newline from `start` on.
  func newline(from start: Int) -> Int? {
    let index = firstMark(from: start) { vector in
      vector.marks(of: UInt8(ascii: "\n"))
    } _: { word in
      word.zeroBytes(xor: UInt8(ascii: "\n"))
    }
    return index < count ? index : nil
  }
}

extension SIMD16<UInt8> {
  /// Marks the bytes that are equal to `byte`.
  @inline(__always)
  fileprivate func marks(of byte: UInt8) -> SIMDMask<SIMD16<Int8>> {
    self .== SIMD16(repeating: byte)
  }

  /// Marks the bytes that are below `bound` when they are read as signed.
  @inline(__always)
  fileprivate func marks(below bound: Int8) -> SIMDMask<SIMD16<Int8>> {
    SIMD16<Int8>(truncatingIfNeeded: self) .< SIMD16<Int8>(repeating: bound)
  }
}

extension SIMDMask<SIMD16<Int8>> {
  /// Both halves as words, the first byte lowest: 0xFF for each that is marked.
  @inline(__always)
  fileprivate var halves: (low: UInt64, high: UInt64) {
    // A mask of sixteen bytes has the layout of two words.
    let words = unsafe unsafeBitCast(self, to: SIMD2<UInt64>.self)
    return (UInt64(littleEndian: words[0]), UInt64(littleEndian: words[1]))
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
