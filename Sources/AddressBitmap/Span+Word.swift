extension Span<UInt8> {
  /// Eight bytes from `index` on as one little-endian word, in one load.
  ///
  /// Hashing and comparing owner keys is made of these. It stands here because this is the lowest
  /// target that may hold unsafe code.
  @inlinable @inline(__always)
  package func word(at index: Int) -> UInt64 {
    precondition(index >= 0 && index <= count &- 8, "a word lies inside")
    // Safe: the eight bytes lie inside the span, by the condition above.
    return unsafe bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: index, as: UInt64.self
    ).littleEndian
  }

  /// Calls `body` with each whole word from the start on; answers where the rest begins, which is
  /// shorter than a word.
  @inlinable @inline(__always)
  package func forEachWord(_ body: (UInt64) -> Void) -> Int {
    var index = 0
    while index <= count &- 8 {
      // Safe: the eight bytes lie inside the span, by the condition above.
      body(
        unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: index, as: UInt64.self
        ).littleEndian)
      index &+= 8
    }
    return index
  }

  /// Whether the bytes are the same.
  @inlinable
  package func equals(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    guard count >= 8 else { return tail(from: 0) == other.tail(from: 0) }
    var index = 0
    // The last word may have bytes of the one before it.
    while index < count &- 8 {
      guard word(at: index) == other.word(at: index) else { return false }
      index &+= 8
    }
    return word(at: count &- 8) == other.word(at: count &- 8)
  }

  /// Four bytes from `index` on as one little-endian number.
  @inlinable @inline(__always)
  package func half(at index: Int) -> UInt32 {
    precondition(index >= 0 && index <= count &- 4, "half a word lies inside")
    // Safe: the four bytes lie inside the span, by the condition above.
    return unsafe bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: index, as: UInt32.self
    ).littleEndian
  }

  /// The bytes from `start` on, of which there are fewer than eight, as one little-endian word with
  /// zeros above them.
  @inlinable @inline(__always)
  package func tail(from start: Int) -> UInt64 {
    guard start < count else { return 0 }
    // The last eight bytes, without those before `start`.
    if count >= 8 { return word(at: count &- 8) &>> UInt64(8 &* (8 &- (count &- start))) }
    return shortTail(from: start)
  }

  @usableFromInline
  func shortTail(from start: Int) -> UInt64 {
    let left = count &- start
    precondition(start >= 0 && left > 0 && left < 8, "a tail has some bytes")
    guard left >= 4 else {
      // Safe: the first, the middle and the last of one to three bytes lie inside the span.
      let ends = unsafe (self[unchecked: start], self[unchecked: count &- 1])
      let middle = unsafe self[unchecked: start &+ left / 2]
      return UInt64(ends.0) | UInt64(middle) &<< UInt64(8 &* (left / 2))
        | UInt64(ends.1) &<< UInt64(8 &* (left &- 1))
    }
    // Safe: the first and the last four of four bytes or more lie inside the span.
    let low = unsafe bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: start, as: UInt32.self
    ).littleEndian
    let high = unsafe bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: count &- 4, as: UInt32.self
    ).littleEndian
    return UInt64(low) | UInt64(high) &<< UInt64(8 &* (left &- 4))
  }
}

extension [UInt8] {
  /// Adds the bytes of `span` at once.
  ///
  /// It stands here, beside words of spans, because this is the lowest target that may hold unsafe
  /// code.
  @inlinable @inline(__always)
  package mutating func append(copying span: Span<UInt8>) {
    // Safe: the buffer is read inside the closure only, while the span lives.
    unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
