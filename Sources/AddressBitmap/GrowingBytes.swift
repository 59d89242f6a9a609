/// Bytes that grow at their end, and whose room serves again once they are emptied.
///
/// It cannot be copied, so that adding to it looks for no other holder, and emptying it costs
/// nothing. It stands here because this is the lowest target that may hold unsafe code.
///
/// Unsafe expressions: the pointer is this value's alone, and leads to room for `capacity` bytes,
/// of which the first `count` are initialised.
@safe @usableFromInline
package struct GrowingBytes: ~Copyable {
  @usableFromInline var start: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  @usableFromInline package internal(set) var count = 0

  package init() {
    capacity = 64
    unsafe start = .allocate(capacity: capacity)
  }

  package init(_ bytes: some Sequence<UInt8>) {
    self.init()
    append(contentsOf: Array(bytes))
  }

  deinit { unsafe start.deallocate() }

  @inlinable package var span: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span(_unsafeStart: start, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  package var array: [UInt8] {
    var array: [UInt8] = []
    array.append(copying: span)
    return array
  }

  @inlinable package mutating func removeAll() { count = 0 }

  @inlinable package mutating func append(_ byte: UInt8) {
    if count == capacity { grow(by: 1) }
    unsafe start[count] = byte
    count &+= 1
  }

  @inlinable package mutating func append(_ span: Span<UInt8>) {
    if span.count > capacity &- count { grow(by: span.count) }
    unsafe span.withUnsafeBufferPointer { bytes in
      guard let first = bytes.baseAddress else { return }
      unsafe (start + count).update(from: first, count: bytes.count)
    }
    count &+= span.count
  }

  @inlinable package mutating func append(contentsOf bytes: [UInt8]) { append(bytes.span) }

  /// Adds the bytes of a literal: no object is behind it, whose references threads would count.
  @inlinable package mutating func append(_ literal: StaticString) {
    // Safe: a literal's bytes stay where they are; whatever is not of this kind has none.
    guard literal.hasPointerRepresentation else { preconditionFailure("a literal has bytes") }
    append(
      unsafe Span(_unsafeStart: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  @inlinable package mutating func append(_ other: borrowing GrowingBytes) { append(other.span) }

  @usableFromInline mutating func grow(by more: Int) {
    capacity = max(2 * capacity, count + more)
    let room = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    unsafe room.update(from: start, count: count)
    unsafe start.deallocate()
    unsafe start = room
  }
}

/// `@unchecked Sendable`: it owns its bytes alone and moves with them.
extension GrowingBytes: @unchecked Sendable {}
