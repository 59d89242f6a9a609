/// Writes bytes front to back into an array that is being made.
///
///     let bytes = [UInt8](filling: 4) { filler in filler.half(7) }
///
/// It stands here because this is the lowest target that may hold unsafe code.
///
/// Unsafe expressions: the pointer leads to room for `capacity` bytes, for as long as the closure
/// runs that a filler is lent to; nobody can copy it, and each write looks whether there is room.
@safe @usableFromInline
package struct ByteFiller: ~Copyable {
  @usableFromInline let start: UnsafeMutableRawPointer
  @usableFromInline let capacity: Int
  @usableFromInline var count = 0

  @inlinable init(_ start: UnsafeMutableRawPointer, capacity: Int) {
    unsafe self.start = unsafe start
    self.capacity = capacity
  }

  @inlinable @inline(__always)
  package mutating func byte(_ byte: UInt8) {
    precondition(count < capacity, "the room is made for all bytes")
    unsafe start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  /// Four bytes, the lowest first.
  @inlinable @inline(__always)
  package mutating func half(_ half: UInt32) {
    precondition(count <= capacity &- 4, "the room is made for all bytes")
    unsafe start.storeBytes(of: half.littleEndian, toByteOffset: count, as: UInt32.self)
    count &+= 4
  }

  /// Eight bytes, the lowest first.
  @inlinable @inline(__always)
  package mutating func word(_ word: UInt64) {
    precondition(count <= capacity &- 8, "the room is made for all bytes")
    unsafe start.storeBytes(of: word.littleEndian, toByteOffset: count, as: UInt64.self)
    count &+= 8
  }

  @inlinable @inline(__always)
  package mutating func append(_ span: Span<UInt8>) {
    precondition(span.count <= capacity &- count, "the room is made for all bytes")
    unsafe span.withUnsafeBytes { bytes in
      guard let first = bytes.baseAddress else { return }
      unsafe (start + count).copyMemory(from: first, byteCount: bytes.count)
    }
    count &+= span.count
  }
}

extension [UInt8] {
  /// What `body` writes, in room for `capacity` bytes.
  @inlinable @inline(__always)
  package init(filling capacity: Int, _ body: (inout ByteFiller) -> Void) {
    self = []
    reserveCapacity(capacity)
    // Safe: the filler does not outlive the call, and what it has written is initialised.
    append(addingCapacity: capacity) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, count in
        guard let start = buffer.baseAddress else { return }
        var filler = unsafe ByteFiller(UnsafeMutableRawPointer(start), capacity: buffer.count)
        body(&filler)
        count = filler.count
      }
    }
  }
}
