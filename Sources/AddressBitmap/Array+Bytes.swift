extension Array<UInt8> {
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
