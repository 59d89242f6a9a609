import AddressBitmap
import Synchronization

/// Numbers about commits since the start, readable from any thread.
package final class CommitStatistics: Sendable {
  private let commitCount = Atomic<UInt64>(0)
  private let recordCount = Atomic<UInt64>(0)
  private let failureCount = Atomic<UInt64>(0)
  private let durations = Locked(LatencyHistogram())

  /// Records that the derived state does not contain yet.
  private let tail = Atomic(0)

  package init() {}

  package var commits: UInt64 { commitCount.load(ordering: .sequentiallyConsistent) }
  package var records: UInt64 { recordCount.load(ordering: .sequentiallyConsistent) }
  package var failures: UInt64 { failureCount.load(ordering: .sequentiallyConsistent) }

  /// Microseconds that a commit took, from its first row to its sync.
  package var quantiles: LatencyQuantiles? { durations.withLock { $0.quantiles } }

  package var durationsOfCommits: LatencyHistogram { durations.withLock { $0 } }

  /// Records that a start would replay.
  package var underived: Int { tail.load(ordering: .sequentiallyConsistent) }

  func committed(records count: Int, nanoseconds: Int64) {
    commitCount.add(1, ordering: .sequentiallyConsistent)
    recordCount.add(UInt64(count), ordering: .sequentiallyConsistent)
    durations.withLock { $0.record(microseconds: UInt64(max(0, nanoseconds) / 1000)) }
  }

  func failed() { failureCount.add(1, ordering: .sequentiallyConsistent) }

  func underived(adding count: Int) -> Int {
    tail.add(count, ordering: .sequentiallyConsistent).newValue
  }

  package func setUnderived(_ count: Int) { tail.store(count, ordering: .sequentiallyConsistent) }
}
