import Testing

@testable import AddressBitmap

@Suite struct LockedTests {
  private final class Shared: Sendable {
    let value = Locked(0)
  }

  @Test func `no addition under the lock is lost`() {
    let shared = Shared()
    onThreads(4) { _ in
      for _ in 0..<10_000 { shared.value.withLock { $0 += 1 } }
    }
    #expect(shared.value.withLock { $0 } == 40_000)
  }

  @Test func `the lock is free again after a throw`() {
    struct Failure: Error {}
    let shared = Shared()
    #expect(throws: Failure.self) {
      try shared.value.withLock { (_: inout Int) throws(Failure) in throw Failure() }
    }
    #expect(shared.value.withLock { $0 } == 0)
  }
}
