/// A growable array of values that cannot be copied.
///
/// `@usableFromInline`: without it nothing of a package's type is inlined in other modules.
///
/// Unsafe expressions: the pointer is this value's alone, as it cannot be copied either; of
/// its room the first `count` elements are initialised, and those alone.
@safe @usableFromInline
package struct UniqueBuffer<Element: ~Copyable>: ~Copyable {
  /// Room for `capacity` elements, of which the first `count` are there.
  @usableFromInline var start: UnsafeMutablePointer<Element>?
  @usableFromInline var capacity = 0
  @usableFromInline package internal(set) var count = 0

  @inlinable package init() { unsafe start = nil }

  @inlinable deinit {
    guard let start = unsafe start else { return }
    // Unsafe: the first `count` are initialised, and nobody else has the pointer.
    unsafe start.deinitialize(count: count)
    unsafe start.deallocate()
  }

  @inlinable package var isEmpty: Bool { count == 0 }
  @inlinable package var indices: Range<Int> { 0..<count }

  /// Where the element at `index` is, which must be below `count`.
  @inlinable func pointer(_ index: Int) -> UnsafeMutablePointer<Element> {
    precondition(index >= 0 && index < count, "an index lies below the count")
    guard let start = unsafe start else { preconditionFailure("elements have their room") }
    // Unsafe: the room has at least `count` elements.
    return unsafe start + index
  }

  @inlinable package subscript(index: Int) -> Element {
    // Unsafe: the element is there, and stays as long as self is borrowed for this access.
    _read { yield unsafe pointer(index).pointee }
    _modify { yield unsafe &pointer(index).pointee }
  }

  @inlinable package mutating func append(_ element: consuming Element) {
    if count == capacity { grow(to: max(8, 2 * capacity)) }
    count += 1
    // Unsafe: the room for it was made above and holds nothing.
    unsafe pointer(count - 1).initialize(to: element)
  }

  @inlinable package mutating func remove(at index: Int) -> Element {
    // Unsafe: the element is moved out, and those behind it take its room, each once.
    let place = unsafe pointer(index)
    let element = unsafe place.move()
    unsafe place.moveInitialize(from: place + 1, count: count - index - 1)
    count -= 1
    return element
  }

  @inlinable package mutating func removeLast() -> Element { remove(at: count - 1) }

  @inlinable package mutating func removeAll(keepingCapacity: Bool = false) {
    guard let room = unsafe start else { return }
    // Unsafe: the first `count` are initialised.
    unsafe room.deinitialize(count: count)
    count = 0
    guard !keepingCapacity else { return }
    unsafe room.deallocate()
    unsafe start = nil
    capacity = 0
  }

  @usableFromInline mutating func grow(to wanted: Int) {
    let room = UnsafeMutablePointer<Element>.allocate(capacity: wanted)
    if let old = unsafe start {
      // Unsafe: the new room is larger and holds nothing; all elements move there once.
      unsafe room.moveInitialize(from: old, count: count)
      unsafe old.deallocate()
    }
    unsafe start = room
    capacity = wanted
  }
}

/// `@unchecked Sendable`: it owns its elements alone and moves with them.
extension UniqueBuffer: @unchecked Sendable where Element: Sendable & ~Copyable {}
