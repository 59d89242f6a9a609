internal import Glibc

/// A value that one thread at a time may touch.
///
/// It is what `Synchronization.Mutex` is, over a lock of the C library: the thread sanitizer knows
/// that one, and so can tell a race from a value that is passed on under its lock. It stands here
/// because this is the lowest target that may hold unsafe code.
///
/// `@usableFromInline`: without it nothing of a package's type is inlined in other modules.
///
/// `@unchecked Sendable`: the value is reached under the lock only.
@safe @usableFromInline
package struct Locked<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
  @usableFromInline let lock: Lock
  @usableFromInline let value: UnsafeMutablePointer<Value>

  package init(_ value: consuming sending Value) {
    lock = Lock(roomFor: MemoryLayout<Value>.size, alignment: MemoryLayout<Value>.alignment)
    // Unsafe: the room is made for a value of this type; it is let go in `deinit` alone.
    unsafe self.value = lock.room.bindMemory(to: Value.self, capacity: 1)
    unsafe self.value.initialize(to: value)
  }

  deinit {
    // Unsafe: nobody else has the pointer, and nobody holds the lock of a value that goes.
    unsafe value.deinitialize(count: 1)
    lock.end()
  }

  /// Runs `body` on the value while nobody else can reach it.
  ///
  /// It must not be entered again from inside.
  @inlinable @inline(__always)
  package borrowing func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    lock.take()
    defer { lock.give() }
    // Unsafe: the pointer lives as long as self, and the lock makes this access the only one.
    return try unsafe body(&value.pointee)
  }
}

/// A lock of the C library, and room behind it for what it guards.
///
/// Both stand in lines of the cache that hold nothing else: one miss instead of two, and threads at
/// neighbouring locks do not slow each other down.
///
/// Unsafe expressions: the pointers lead into memory of the lock's own, from `init` to `end`.
@safe @usableFromInline
struct Lock {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  let room: UnsafeMutableRawPointer

  private static let lineBytes = 64

  init(roomFor size: Int, alignment: Int) {
    let mask = alignment - 1
    let start = unsafe (MemoryLayout<pthread_mutex_t>.size + mask) & ~mask
    let lines = (start + size + Self.lineBytes - 1) / Self.lineBytes
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: lines * Self.lineBytes, alignment: max(Self.lineBytes, alignment))
    unsafe room = memory + start
    unsafe mutex = memory.bindMemory(to: pthread_mutex_t.self, capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    // Adaptive: it is held for a microsecond or two, and whoever meets it looks again a few times
    // before it sleeps, as a sleep costs both sides far more.
    var attributes = pthread_mutexattr_t()
    unsafe pthread_mutexattr_init(&attributes)
    unsafe pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_ADAPTIVE_NP))
    let status = unsafe pthread_mutex_init(mutex, &attributes)
    unsafe pthread_mutexattr_destroy(&attributes)
    precondition(status == 0, "a lock of this type needs nothing that may be missing")
  }

  @usableFromInline func take() { unsafe _ = pthread_mutex_lock(mutex) }

  @usableFromInline func give() { unsafe _ = pthread_mutex_unlock(mutex) }

  func end() {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deinitialize(count: 1)
    unsafe UnsafeMutableRawPointer(mutex).deallocate()
  }
}
