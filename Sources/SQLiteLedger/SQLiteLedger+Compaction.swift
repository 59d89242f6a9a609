package import Allocation
import Synchronization

/// What one piece of a compaction came to.
package struct CompactionStep: Sendable, Equatable {
  /// The first revision that is kept now.
  package let oldest: UInt64

  /// Records that went.
  package let removed: UInt64

  /// Whether everything older than what was asked for is gone.
  package let isDone: Bool
}

extension SQLiteLedger {
  /// Removes at most `count` of the records before `limit`, in a transaction of its own; where
  /// the state has not come that far, it derives instead.
  ///
  /// Called as `derive` is. After a crash between two pieces the ledger is as the first left it.
  package func compact(
    before limit: UInt64, atMost count: Int
  ) throws(LedgerFailure) -> CompactionStep {
    precondition(count > 0, "something is to be removed")
    let oldest = compaction.oldest
    let limit = min(limit, newestRevision + 1)
    guard limit > oldest else { return CompactionStep(oldest: oldest, removed: 0, isDone: true) }
    guard derivedRevision >= limit - 1 else {
      _ = try derive(atMost: count)
      return CompactionStep(oldest: oldest, removed: 0, isDone: false)
    }
    let removed = min(UInt64(count), limit - oldest)
    var next = compaction
    try inTransaction { writer throws(LedgerFault) in
      try writer.compactor.apply(removed, now: newestTime, &next, writer.connection)
    }
    compaction = next
    oldestKept.store(next.oldest, ordering: .sequentiallyConsistent)
    return CompactionStep(oldest: next.oldest, removed: removed, isDone: next.oldest == limit)
  }

  /// The first revision whose record is kept; from any thread.
  package var oldestRevision: UInt64 { oldestKept.load(ordering: .sequentiallyConsistent) }
}
