import CEpoll
import Glibc

/// Waits for sockets with epoll, level-triggered.
@safe struct Poller: ~Copyable {
  private let descriptor: Int32
  private let capacity: Int

  // Proof: owned by this one value until deinit; `epoll_wait` is told how many events fit.
  private let events: UnsafeMutableBufferPointer<epoll_event>

  init(capacity: Int) throws(LoadFailure) {
    self.capacity = capacity
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw .system(call: "epoll_create1", number: errno) }
    unsafe events = UnsafeMutableBufferPointer.allocate(capacity: capacity)
    unsafe events.initialize(repeating: epoll_event())
  }

  deinit {
    close(descriptor)
    unsafe events.deallocate()
  }

  /// Watches a socket under a number of the caller's.
  func add(_ socket: Int32, as index: Int) throws(LoadFailure) {
    try control(EPOLL_CTL_ADD, socket, as: index, writing: false)
  }

  /// Watches it for room to write too, or no longer.
  func watch(_ socket: Int32, as index: Int, writing: Bool) throws(LoadFailure) {
    try control(EPOLL_CTL_MOD, socket, as: index, writing: writing)
  }

  private func control(
    _ change: Int32, _ socket: Int32, as index: Int, writing: Bool
  ) throws(LoadFailure) {
    let wanted = EPOLLIN.rawValue | (writing ? EPOLLOUT.rawValue : 0)
    // Proof: the event is a local for the length of the call; its union only ever is a number.
    var event = unsafe epoll_event(events: wanted, data: epoll_data_t(u64: UInt64(index)))
    guard unsafe epoll_ctl(descriptor, change, socket, &event) == 0 else {
      throw .system(call: "epoll_ctl", number: errno)
    }
  }

  /// Waits, and says how many sockets are ready: `index(of:)` names them.
  ///
  /// With a time it returns then at the latest; without one, so many seconds of silence are an
  /// error.
  func wait(until time: UInt64?, seconds: Int) throws(LoadFailure) -> Int {
    while true {
      let limit = time.map { $0 - min(Clock.now, $0) } ?? UInt64(seconds) * 1_000_000_000
      var span = timespec(
        tv_sec: Int(limit / 1_000_000_000), tv_nsec: Int(limit % 1_000_000_000))
      // Proof: `events` has room for as many as said; the span is a local.
      let ready = unsafe epoll_pwait2(
        descriptor, events.baseAddress, Int32(capacity), &span, nil)
      if ready > 0 { return Int(ready) }
      if ready == 0 {
        guard time == nil else { return 0 }
        throw .silent(seconds: seconds)
      }
      if errno != EINTR { throw .system(call: "epoll_pwait2", number: errno) }
    }
  }

  /// The number of the n-th socket of the last wait.
  func index(of event: Int) -> Int {
    precondition(event < capacity, "epoll_wait fills no more than it was given")
    return unsafe Int(events[event].data.u64)
  }
}
