import Allocation
import CLinux
import Foundation
import Logging
import SQLiteLedger
import Synchronization

/// The ledger and the engine that was rebuilt from it: everything but the sockets.
struct DaemonCore {
  let configuration: DaemonConfiguration
  let engine: AllocationEngine
  let ledger: SQLiteLedger
  let commits: CommitStatistics
  let log: Logger

  static func open(
    _ configuration: DaemonConfiguration, log: Logger
  ) throws(StartFailure) -> DaemonCore {
    let ledger: SQLiteLedger
    do throws(LedgerOpenError) {
      ledger = try SQLiteLedger.open(at: configuration.ledgerPath, options: .forThisProcess)
    } catch {
      throw StartFailure(message: error.description, status: ExitStatus.of(error))
    }
    let clock = SystemClock()
    let engine = AllocationEngine(configuration: configuration.cluster, clock: clock)
    let started = clock.monotonicNanoseconds()
    let tail = try recover(engine, from: ledger)
    // What only the start needed goes back to the system.
    clinux_trim_memory()
    let commits = CommitStatistics()
    commits.setUnderived(tail)
    let counts = engine.objectCounts
    log.info(
      "ledger opened",
      metadata: [
        "path": "\(configuration.ledgerPath)", "revision": "\(ledger.newestRevision)",
        "pods": "\(counts.pods)", "services": "\(counts.services)", "nodes": "\(counts.nodes)",
        "milliseconds": "\((clock.monotonicNanoseconds() - started) / 1_000_000)",
      ])
    return DaemonCore(
      configuration: configuration, engine: engine, ledger: ledger, commits: commits, log: log)
  }

  /// Streams the ledger into the engine; answers how many records were not derived yet.
  private static func recover(
    _ engine: AllocationEngine, from ledger: SQLiteLedger
  ) throws(StartFailure) -> Int {
    var recovery = EngineRecovery(into: engine, expecting: ledger.derivedObjects)
    var tail = 0
    do throws(LedgerFailure) {
      try RowPipe.run(reading: ledger.readState) { recovery.restore($0) }
      recovery.mapState()
      try ledger.readCursors { recovery.restore($0) }
      try RowPipe.run(reading: ledger.readTail) {
        recovery.replay($0)
        tail += 1
      }
      let rest = Int64(engine.configuration.quarantineSeconds) * 1000
      if rest > 0 {
        try ledger.readBack(to: engine.clock.wallMilliseconds() - rest, endsOnly: true) {
          recovery.rest($0)
        }
      }
    } catch {
      let cause =
        switch error {
        case .unavailable(let cause), .unknown(let cause): cause
        }
      throw StartFailure(
        message: """
          \(ledger.path): \(cause). Keep this file, its -wal and its -shm for examination, \
          and put a backup in their place
          """, status: ExitStatus.dataError)
    }
    do throws(RecoveryFailure) {
      try recovery.finish(revision: ledger.newestRevision)
    } catch {
      throw StartFailure(message: error.message, status: ExitStatus.configuration)
    }
    return tail
  }
}

extension LedgerOptions {
  /// The defaults, except in debug builds, which are the tests': they have a small log, so that it
  /// starts over while a test looks on.
  ///
  /// The harness of the power-cut tests proves that it can fail with a debug build that does not
  /// sync each commit, and says so loudly.
  fileprivate static var forThisProcess: LedgerOptions {
    #if DEBUG
      return forDebugging
    #else
      return LedgerOptions()
    #endif
  }

  #if DEBUG
    private static var forDebugging: LedgerOptions {
      guard ProcessInfo.processInfo.environment["IPLEDGER_UNSAFE_SYNCHRONOUS"] == "NORMAL" else {
        return LedgerOptions(logBytes: 4 << 20)
      }
      StandardError.writeLine(
        "warning: commits are not synced; a power cut loses acknowledged changes")
      return LedgerOptions(synchronous: .normal, logBytes: 4 << 20)
    }
  #endif
}
