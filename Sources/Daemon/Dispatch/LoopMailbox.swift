import AddressBitmap
import Allocation
import LineProtocol
import NIOCore

/// What other threads leave for one event loop: batches whose fate is known, and the word that
/// something which requests wait for is over.
///
/// However much is left, the loop is woken once.
final class LoopMailbox: BatchObserver, Waiter {
  private struct State: ~Copyable {
    var batches = UniqueBuffer<ChangeBatch>()
    var readings: [FinishedReading] = []
    var isWoken = false
    var isScheduled = false

    /// True when the loop has not been told yet.
    mutating func schedule() -> Bool {
      defer { isScheduled = true }
      return !isScheduled
    }
  }

  private let state = Locked(State())
  private let eventLoop: any EventLoop
  private let dispatcher: NIOLoopBoundBox<LoopDispatcher?>

  /// Called on the loop, as what makes its dispatcher.
  init(on eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    dispatcher = NIOLoopBoundBox(nil, eventLoop: eventLoop)
  }

  /// Called on the loop, once.
  func attach(_ dispatcher: LoopDispatcher) { self.dispatcher.value = dispatcher }

  func settled(_ batch: consuming ChangeBatch) {
    var handed: ChangeBatch? = batch
    let isFirst = state.withLock { state in
      if let batch = handed.take() { state.batches.append(batch) }
      return state.schedule()
    }
    if isFirst { eventLoop.execute { self.deliver() } }
  }

  func wake() {
    let isFirst = state.withLock { state in
      state.isWoken = true
      return state.schedule()
    }
    if isFirst { eventLoop.execute { self.deliver() } }
  }

  /// A reading of the ledger has come to its end.
  func finished(_ reading: FinishedReading) {
    let isFirst = state.withLock { state in
      state.readings.append(reading)
      return state.schedule()
    }
    if isFirst { eventLoop.execute { self.deliver() } }
  }

  func failed(_ ticket: UInt64, _ failure: LedgerFailure) {
    finished(FinishedReading(ticket: ticket, content: .error(ErrorReply(.ledger(failure)))))
  }

  private func deliver() {
    var batches = UniqueBuffer<ChangeBatch>()
    var readings: [FinishedReading] = []
    let isWoken = state.withLock { state in
      swap(&state.batches, &batches)
      swap(&state.readings, &readings)
      defer { state.isWoken = false }
      state.isScheduled = false
      return state.isWoken
    }
    guard let dispatcher = dispatcher.value else { return }
    while !batches.isEmpty { dispatcher.settled(batches.remove(at: 0)) }
    for reading in readings { dispatcher.finished(reading) }
    // A connection has only so many readings at once: its next line may wait for the end of one.
    dispatcher.delivered(isWoken: isWoken || !readings.isEmpty)
  }
}
