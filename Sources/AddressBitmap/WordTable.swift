/// Words in a power of two of slots; an index counts on around the end, so that none leads outside.
///
/// It cannot be copied, so that a change of a word looks for no other holder.
///
/// It stands here because this is the lowest target that may hold unsafe code.
///
/// Unsafe expressions: the pointer is this value's alone, and leads to as many words as its mask
/// reaches, all of which are initialised.
@safe @usableFromInline
package struct WordTable: ~Copyable {
  @usableFromInline let start: UnsafeMutablePointer<UInt64>
  @usableFromInline let mask: Int

  /// All words are 0.
  package init(count: Int) {
    precondition(count > 0 && count & (count - 1) == 0, "the number of slots is a power of two")
    mask = count - 1
    unsafe start = .allocate(capacity: count)
    unsafe start.initialize(repeating: 0, count: count)
  }

  deinit { unsafe start.deallocate() }

  @inlinable @inline(__always) package var count: Int { mask &+ 1 }

  @inlinable package subscript(index: Int) -> UInt64 {
    @inline(__always) get { unsafe start[index & mask] }
    @inline(__always) set { unsafe start[index & mask] = newValue }
  }
}

/// `@unchecked Sendable`: it owns its words alone and moves with them.
extension WordTable: @unchecked Sendable {}
