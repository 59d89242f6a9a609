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
