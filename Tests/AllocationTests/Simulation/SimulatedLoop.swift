import Allocation

/// What the simulator found that must not be.
struct Discrepancy: Error, CustomStringConvertible {
  let description: String
}

/// One event loop: its batch, its requests that wait, and what it expects of the batch.
final class SimulatedLoop {
  struct Expectation {
    let first: Int
    let end: Int
    let object: ModelObject?
  }

  let waiter = CountingWaiter()
  var wakesSeen = 0
  var batch = ChangeBatch(observer: NoObserver.shared)
  var changes: [ModelChange] = []
  var waiting: [SimulatedRequest] = []

  /// Hands over what has gathered.
  func submit() -> SubmittedBatch? {
    guard !changes.isEmpty else { return nil }
    defer { changes = [] }
    var handed = ChangeBatch(observer: NoObserver.shared)
    swap(&handed, &batch)
    return SubmittedBatch(handed, changes)
  }
}

/// A batch between its loop and its fate.
final class SubmittedBatch {
  var batch: ChangeBatch
  let changes: [ModelChange]

  init(_ batch: consuming ChangeBatch, _ changes: [ModelChange]) {
    self.batch = batch
    self.changes = changes
  }
}
