/// Bytes that a statement's parameters point into until it has run, used again for each.
///
/// Room is made before the first byte of a statement is added, so nothing moves under a pointer
/// that is already bound.
///
/// `@safe`: the storage is this value's own until `deinit`; pointers into it are marked where used.
@safe
struct RowArena: ~Copyable {
  private var storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 8)
  private var used = 0

  deinit { unsafe storage.deallocate() }

  /// Forgets everything and makes room for `count` bytes.
  mutating func prepare(_ count: Int) {
    used = 0
    guard unsafe count > storage.count else { return }
    unsafe storage.deallocate()
    unsafe storage = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 2, alignment: 8)
  }

  /// Copies the bytes in; they stay where the answer points until the next `prepare`.
  mutating func add(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    precondition(unsafe used + bytes.count <= storage.count, "room was made for all of a statement")
    // Safe: the range lies inside the storage, by the condition above.
    let place = unsafe UnsafeMutableRawBufferPointer(
      rebasing: storage[used..<(used + bytes.count)])
    unsafe place.copyMemory(from: bytes)
    used += bytes.count
    return UnsafeRawBufferPointer(place)
  }
}
