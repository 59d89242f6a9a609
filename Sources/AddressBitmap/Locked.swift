package import Glibc

/// A value that one thread at a time may touch.
///
/// It is what `Synchronization.Mutex` is, over a lock of the C library: the thread sanitizer knows
/// that one, and so can tell a race from a value that is passed on under its lock. It stands here
/// because this is the lowest target that may hold unsafe code.
///
/// `@unchecked Sendable`: the value is reached under the lock only.
@safe package struct Locked<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
  @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
  @usableFromInline let value: UnsafeMutablePointer<Value>

  package init(_ value: consuming sending Value) {
    unsafe mutex = .allocate(capacity: 1)
    unsafe self.value = .allocate(capacity: 1)
    // Unsafe: both have room for one, made above, and are let go in `deinit` alone.
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe self.value.initialize(to: value)
    let status = unsafe pthread_mutex_init(mutex, nil)
    precondition(status == 0, "a lock without attributes needs nothing that may be missing")
  }

  deinit {
    // Unsafe: nobody else has the pointers, and nobody holds the lock of a value that goes.
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deinitialize(count: 1)
    unsafe mutex.deallocate()
    unsafe value.deinitialize(count: 1)
    unsafe value.deallocate()
  }

  /// Runs `body` on the value while nobody else can reach it.
  ///
  /// It must not be entered again from inside.
  @inlinable @inline(__always)
  package borrowing func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    // Unsafe: the pointers live as long as self, and the lock makes this access the only one.
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try unsafe body(&value.pointee)
  }
}
