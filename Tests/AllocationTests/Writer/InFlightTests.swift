import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Allocation

@Suite(.timeLimit(.minutes(1))) struct InFlightTests {
  @Test func `who waits is woken once, by the next changes that end`() {
    let inFlight = InFlight()
    let waiter = CountingWaiter()
    inFlight.began()
    inFlight.began()
    inFlight.wait(waiter)
    inFlight.wait(waiter)
    #expect(waiter.count == 0)
    inFlight.ended(1)
    #expect(waiter.count == 1)
    inFlight.ended(1)
    #expect(waiter.count == 1)
    #expect(inFlight.changes == 0)
  }

  @Test func `who waits for what has ended already is woken at once`() {
    let waiter = CountingWaiter()
    InFlight().wait(waiter)
    #expect(waiter.count == 1)
  }

  @Test func `no wake is lost between threads`() {
    let inFlight = InFlight()
    let isOver = Flag()
    let ended = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      while !isOver.isSet {
        inFlight.began()
        inFlight.ended(1)
      }
      ended.signal()
    }
    let waiter = SignallingWaiter()
    for round in 0..<20_000 {
      inFlight.wait(waiter)
      guard waiter.waitForWake() else {
        Issue.record("nobody woke round \(round)")
        break
      }
    }
    isOver.set()
    ended.wait()
  }
}

/// A waiter that a thread blocks on.
final class SignallingWaiter: Waiter {
  private let wakes = DispatchSemaphore(value: 0)

  func wake() { wakes.signal() }

  func waitForWake() -> Bool { wakes.wait(timeout: .now() + WriterBench.patience) == .success }
}
