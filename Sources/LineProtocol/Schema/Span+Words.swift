extension Span<UInt8> {
  /// Up to eight bytes from `start`, the first one lowest; those past `count` are zero.
  ///
  /// `count` may be above eight; the bytes up to it lie inside the span.
  func word(at start: Int, count: Int) -> UInt64 {
    guard count > 0 else { return 0 }
    precondition(start >= 0 && start + Swift.min(count, 8) <= self.count, "a word lies inside")
    guard start + 8 <= self.count else { return tailWord(at: start, count: count) }
    // Eight bytes from `start` are inside the span: both ends were compared above.
    let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
    let ordered = UInt64(littleEndian: word)
    return count >= 8 ? ordered : ordered & ((1 &<< UInt64(8 &* count)) &- 1)
  }

  /// The same where fewer than eight bytes are left.
  private func tailWord(at start: Int, count: Int) -> UInt64 {
    var word: UInt64 = 0
    for offset in 0..<Swift.min(count, 8) {
      word |= UInt64(self[start + offset]) &<< UInt64(8 &* offset)
    }
    return word
  }
}
