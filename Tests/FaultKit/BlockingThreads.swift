import Foundation

/// Threads for tests that block: while a test waits for a daemon, the other tests' tasks go on.
///
/// `@unchecked Sendable`: the queue is guarded by `condition`.
package final class BlockingThreads: TaskExecutor, @unchecked Sendable {
  /// As many tests wait for daemons at once.
  package static let shared = BlockingThreads(count: 3)

  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []

  private init(count: Int) {
    for _ in 0..<count {
      let thread = Thread { [unowned self] in run() }
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.lock()
    jobs.append(job)
    condition.signal()
    condition.unlock()
  }

  private func run() {
    while true {
      condition.lock()
      while jobs.isEmpty { condition.wait() }
      let job = jobs.removeFirst()
      condition.unlock()
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
