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
