extension Span<UInt8> {
  /// Up to eight bytes from `start`, the first one lowest; those past `count` are zero.
  ///
  /// `count` may be above eight; the bytes up to it lie inside the span.
  @inline(__always)
  func word(at start: Int, count: Int) -> UInt64 {
    guard count > 0 else { return 0 }
    guard start >= 0, start <= self.count &- 8 else { return tailWord(at: start, count: count) }
    // Eight bytes from `start` are inside the span: both ends were compared above.
    let word = unsafe bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: start, as: UInt64.self)
    let ordered = UInt64(littleEndian: word)
    return count >= 8 ? ordered : ordered & ((1 &<< UInt64(8 &* count)) &- 1)
  }

  /// The same where fewer than eight bytes are left.
  private func tailWord(at start: Int, count: Int) -> UInt64 {
    let used = Swift.min(count, 8)
    precondition(start >= 0 && start <= self.count &- used, "a word lies inside")
    guard self.count < 8 else {
      // The last eight bytes are inside the span.
      let word = unsafe bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: self.count &- 8, as: UInt64.self)
      let mask: UInt64 = used == 8 ? .max : (1 &<< UInt64(8 &* used)) &- 1
      return UInt64(littleEndian: word) &>> UInt64(8 &* (start &+ 8 &- self.count)) & mask
    }
    var word: UInt64 = 0
    var index = start &+ used
    while index > start {
      index &-= 1
      // `index` is at least `start`, and lies before the end of the span.
      word = word &<< 8 | UInt64(unsafe self[unchecked: index])
    }
    return word
  }
}
