import Foundation

/// Threads that run into the daemon at the same moment.
package enum Workers {
  /// Runs `body` once for each index on a thread of its own, and returns what they returned, in the
  /// order of the indices.
  ///
  /// The first error that one of them threw is thrown.
  ///
  /// The body prepares itself (connects), calls `gate.pass()`, and goes on when all have.
  package static func run<Value: Sendable>(
    _ count: Int, within deadline: Deadline = .usual,
    _ body: @escaping @Sendable (_ index: Int, _ gate: Gate) throws -> Value
  ) throws -> [Value] {
    let gate = Gate(count: count, deadline: deadline)
    let results = Results<Value>(count: count)
    for index in 0..<count {
      let thread = Thread {
        results.set(index, Result { try body(index, gate) })
      }
      thread.start()
    }
    return try results.all(within: deadline)
  }

  /// Opens when everybody stands before it.
  ///
  /// `@unchecked Sendable`: `missing` is guarded by `condition`.
  package final class Gate: @unchecked Sendable {
    private let condition = NSCondition()
    private let deadline: Deadline
    private var missing: Int

    fileprivate init(count: Int, deadline: Deadline) {
      missing = count
      self.deadline = deadline
    }

    package func pass() throws {
      condition.lock()
      defer { condition.unlock() }
      missing -= 1
      if missing == 0 { condition.broadcast() }
      while missing > 0 {
        if !condition.wait(until: deadline.date), deadline.hasPassed {
          throw HarnessFailure.deadline("\(missing) other threads")
        }
      }
    }
  }
}

/// What the threads returned so far.
///
/// `@unchecked Sendable`: the slots are guarded by `condition`.
private final class Results<Value: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private var slots: [Result<Value, any Error>?]

  init(count: Int) { slots = Array(repeating: nil, count: count) }

  func set(_ index: Int, _ result: Result<Value, any Error>) {
    condition.lock()
    slots[index] = result
    condition.broadcast()
    condition.unlock()
  }

  func all(within deadline: Deadline) throws -> [Value] {
    condition.lock()
    defer { condition.unlock() }
    while slots.contains(where: { $0 == nil }) {
      if !condition.wait(until: deadline.date), deadline.hasPassed {
        throw HarnessFailure.deadline("threads: \(slots.count { $0 == nil }) are not done")
      }
    }
    return try slots.compactMap { try $0?.get() }
  }
}
