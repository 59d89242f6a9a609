import AddressBitmap
import Addressing
import Allocation
import LineProtocol
import SQLiteLedger
import Transport

extension LoopDispatcher {
  /// On the writer's thread, in pieces beside commits.
  func compactLedger(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(LedgerCompactParams.self, request, line)
    let newest = engine.revision
    guard params.before <= newest + 1 else {
      throw .invalidParams([
        Cause(
          "before", .invalid,
          "before is \(params.before), and may be at most \(newest + 1), the revision to come")
      ])
    }
    lastTicket += 1
    let (ticket, mailbox) = (lastTicket, mailbox)
    pendingReadings[ticket] = .answer(request.reply, request.head.method)
    context.compact { () throws(LedgerFailure) in
      params.before
    } ended: { outcome in
      switch outcome {
      case .success(let done):
        let result = LedgerCompactResult(
          oldestRevision: done.oldest, removed: done.removed, revision: newest)
        mailbox.finished(FinishedReading(ticket: ticket, content: .result(result)))
      case .failure(let failure): mailbox.failed(ticket, failure)
      }
    }
    request.reply.postpone()
  }
}

extension DaemonContext {
  /// Records that one piece removes: some milliseconds of work.
  private static let pieceSize = 2_000

  /// Removes all records below a revision; `limit` answers it, once and on the writer's thread.
  func compact(
    _ limit: @escaping @Sendable () throws(LedgerFailure) -> UInt64,
    ended: @escaping @Sendable (Result<CompactionProgress, LedgerFailure>) -> Void
  ) {
    let progress = Locked(CompactionProgress())
    let (ledger, commits) = (ledger, commits)
    writer.work { () throws(LedgerFailure) in
      let known = progress.withLock { $0.limit }
      let wanted = if let known { known } else { try limit() }
      let step = try ledger.compact(before: wanted, atMost: Self.pieceSize)
      commits.setUnderived(ledger.underived)
      progress.withLock { progress in
        progress.limit = wanted
        progress.oldest = step.oldest
        progress.removed += step.removed
      }
      return !step.isDone
    } ended: { failure in
      ended(failure.map { .failure($0) } ?? .success(progress.withLock { $0 }))
    }
  }
}

/// How far one compaction has come.
struct CompactionProgress: Sendable {
  var limit: UInt64?

  /// The first revision that is kept.
  var oldest: UInt64 = 1

  /// Records that went.
  var removed: UInt64 = 0
}
