/// A text in a place of its own, which statements stay bound to from one run to the next.
///
/// `@safe`: the storage is this value's own until another text takes its place; pointers into it
/// are marked where used.
@safe
struct LastingText: ~Copyable {
  private(set) var text = ""

  /// Grows with every text: what was bound to a smaller number is to be bound anew.
  private(set) var number = 1

  private var storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)

  deinit { unsafe storage.deallocate() }

  var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: storage[..<text.utf8.count])
  }

  /// Takes the place of what was there, if it is another one.
  mutating func set(_ text: String) {
    guard text != self.text else { return }
    // Safe: the room takes all bytes of the text; who was bound to the former one is bound anew.
    unsafe storage.deallocate()
    unsafe storage = .allocate(byteCount: max(1, text.utf8.count), alignment: 1)
    unsafe storage.copyBytes(from: text.utf8)
    self.text = text
    number += 1
  }
}
