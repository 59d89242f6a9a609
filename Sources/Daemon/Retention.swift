import Allocation
import Logging
import NIOCore
import SQLiteLedger

/// Removes what the configuration does not keep: at start, and then every hour.
enum Retention {
  static func start(on loop: any EventLoop, _ context: DaemonContext) -> RepeatedTask? {
    let retention = context.configuration.retention
    guard !retention.isForEver else { return nil }
    return loop.scheduleRepeatedTask(initialDelay: .zero, delay: .hours(1)) { _ in
      apply(retention, context)
    }
  }

  private static func apply(_ retention: LedgerRetention, _ context: DaemonContext) {
    let (ledger, clock, log) = (context.ledger, context.engine.clock, context.log)
    context.compact { () throws(LedgerFailure) in
      try retention.limit(
        newest: ledger.newestRevision, now: clock.wallMilliseconds(),
        firstSince: ledger.firstRevision)
    } ended: { outcome in
      switch outcome {
      case .success(let done) where done.removed > 0:
        log.info(
          "old records were removed",
          metadata: ["records": "\(done.removed)", "oldestRevision": "\(done.oldest)"])
      case .success: break
      case .failure(let failure):
        log.warning("old records were not removed", metadata: ["cause": "\(failure)"])
      }
    }
  }
}
