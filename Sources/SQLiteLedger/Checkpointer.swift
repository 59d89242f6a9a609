import AddressBitmap
import Allocation
import CSQLite
import Dispatch
import Synchronization

/// Copies the log into the database file on a thread of its own, while the writer goes on.
///
/// Memory orders: whoever acquires the end of a pass, or its failure, sees what was released before
/// it; the counters are relaxed, as nothing follows from them.
///
/// `@unchecked Sendable`: the connection is used on `queue` alone, a pass at a time; all else is
/// atomic or behind a lock.
final class Checkpointer: @unchecked Sendable {
  private let queue = DispatchQueue(label: "ipledger.checkpoint")
  private let connection: Connection
  private let running = Atomic(false)
  private let passes = Atomic<UInt64>(0)
  private let failures = Atomic<UInt64>(0)
  private let hasFailed = Atomic(false)
  private let fatal = Locked<LedgerFailure?>(nil)

  init(path: String, options: LedgerOptions) throws(LedgerFault) {
    connection = try Connection.open(path, .readWrite)
    try connection.setSynchronous(options.synchronous)
    try connection.execute("PRAGMA wal_autocheckpoint = 0")
    try connection.execute("PRAGMA cache_size = 16")
  }

  var isRunning: Bool { running.load(ordering: .acquiring) }

  /// Passes that were run, by the writer too, and those that failed.
  var counts: (passes: UInt64, failures: UInt64) {
    (passes.load(ordering: .relaxed), failures.load(ordering: .relaxed))
  }

  /// A failed sync or write of the database file: the daemon must stop as for a failed commit.
  func throwIfFailed() throws(LedgerFailure) {
    guard hasFailed.load(ordering: .acquiring) else { return }
    if let failure = fatal.withLock({ $0 }) { throw failure }
  }

  /// Starts a pass and returns at once; only when none is running.
  func start() {
    running.store(true, ordering: .releasing)
    queue.async { [self] in
      run(connection)
      running.store(false, ordering: .releasing)
    }
  }

  /// Gives the log's file its size, beside the reading at start; `drain` before the first commit.
  func reserve(_ bytes: Int, for files: LedgerFiles) {
    queue.async { files.reserveLog(bytes) }
  }

  /// One pass on this connection, on the calling thread.
  func run(_ connection: borrowing Connection) {
    passes.add(1, ordering: .relaxed)
    do throws(LedgerFault) {
      try connection.checkpoint(SQLITE_CHECKPOINT_PASSIVE)
    } catch {
      failures.add(1, ordering: .relaxed)
      // No space or a lock: the log keeps everything and the next pass tries again.
      guard case .unknown = error.failure else { return }
      fatal.withLock { $0 = $0 ?? error.failure }
      hasFailed.store(true, ordering: .releasing)
    }
  }

  /// Waits for a running pass.
  func drain() { queue.sync {} }
}

extension Connection {
  /// Copies the log's frames into the database file; answers whether all of them are there now.
  @discardableResult
  func checkpoint(_ mode: Int32) throws(LedgerFault) -> Bool {
    var logged: Int32 = 0
    var copied: Int32 = 0
    let code = unsafe sqlite3_wal_checkpoint_v2(handle, "main", mode, &logged, &copied)
    guard code & 0xFF != SQLITE_BUSY else { return logged >= 0 && copied == logged }
    try check(code)
    return copied == logged
  }

  /// Sets how a commit syncs and reads it back: what it answers is what a commit will do.
  func setSynchronous(_ synchronous: LedgerOptions.Synchronous) throws(LedgerFault) {
    try execute("PRAGMA synchronous = \(synchronous.rawValue)")
    try requireSynchronous(synchronous)
  }

  func requireSynchronous(_ synchronous: LedgerOptions.Synchronous) throws(LedgerFault) {
    let found = try integer("PRAGMA synchronous")
    guard found == synchronous.rawValue else {
      throw .sqlite(
        code: SQLITE_MISUSE, systemError: 0,
        message: "synchronous is \(found) and not \(synchronous.rawValue): commits could be lost")
    }
  }
}
