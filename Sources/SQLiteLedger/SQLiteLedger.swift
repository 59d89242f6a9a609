package import Allocation
import CSQLite
import Synchronization

/// The durable ledger in one SQLite file, with a log written ahead.
///
/// A commit appends rows to one table and syncs the log; tables of the current state follow later
/// (`derive`). What is read back is verified row by row and as a whole: a flipped bit stops the
/// start and is never served.
///
/// `@unchecked Sendable`: everything mutable is used by the thread that writes, and at start by the
/// thread that opens, as `LedgerStore` demands; `statistics` and the readers use nothing of it.
package final class SQLiteLedger: LedgerStore, @unchecked Sendable {
  package private(set) var newestRevision: UInt64
  package private(set) var newestTime: Int64

  let files: LedgerFiles

  /// Where the database file is.
  package var path: String { files.path }

  private let checkpointer: Checkpointer
  private var pace: CheckpointPace
  /// The log's file has its size: nobody else writes to it from then on.
  private var isLogReserved = false
  private let opened: LedgerFiles.Identities
  /// Nil once closed.
  private var writer: LedgerWriter?
  var meta: LedgerMeta
  /// The window that is on its way into the derived tables.
  var plan: DerivationPlan?
  let planner: DerivationPlanner
  var compaction: Compaction
  let oldestKept: Atomic<UInt64>
  /// The newest record of the open transaction.
  private var pending: (revision: UInt64, time: Int64)
  /// Held for the life of the ledger: the last to go.
  private var lock: LedgerLock?

  init(
    _ files: LedgerFiles, lock: consuming LedgerLock, connection: consuming Connection,
    options: LedgerOptions
  ) throws(LedgerFault) {
    meta = try LedgerMeta(connection)
    let compaction = try Compaction(connection)
    guard compaction.oldest <= meta.derived + 1 else {
      throw .damage(place: "table compaction", cause: "it is ahead of the derived state")
    }
    self.compaction = compaction
    oldestKept = Atomic(compaction.oldest)
    let newest = try Self.newest(connection, meta, compaction)
    newestRevision = newest.revision
    newestTime = newest.time
    pending = newest
    let writer = try LedgerWriter(connection)
    if meta.target > 0 {
      plan = try writer.derivation.resumedPlan(after: meta.derived, through: meta.target)
    }
    self.writer = writer
    planner = DerivationPlanner(path: files.path)
    checkpointer = try Checkpointer(path: files.path, options: options)
    pace = CheckpointPace(size: max(1, options.logBytes / (LedgerSchema.pageSize + 24)))
    opened = files.identities()
    checkpointer.reserve(options.logBytes, for: files)
    self.files = files
    self.lock = .some(lock)
  }

  deinit { checkpointer.drain() }

  /// The last record, verified; earlier than what `meta` has seen, records are missing.
  private static func newest(
    _ connection: borrowing Connection, _ meta: LedgerMeta, _ compaction: Compaction
  ) throws(LedgerFault) -> (revision: UInt64, time: Int64) {
    let statement = try connection.prepare(
      "SELECT \(RecordRow.columns) FROM record ORDER BY revision DESC LIMIT 1")
    var newest = compaction.last
    if try statement.step() {
      let record = try RecordRow.read(statement)
      newest = (record.revision, record.time)
    }
    guard newest.revision >= meta.newest else {
      throw .damage(table: "record", revision: meta.newest, "it is missing")
    }
    return newest
  }

  /// What it takes on disk; from any thread.
  package var statistics: LedgerStatistics {
    let counts = checkpointer.counts
    return LedgerStatistics(
      ledgerBytes: files.size(files.path) ?? 0, logBytes: files.size(files.log) ?? 0,
      checkpoints: counts.passes, failedCheckpoints: counts.failures)
  }

  var openWriter: LedgerWriter {
    guard let writer else { preconditionFailure("a closed ledger is not used") }
    return writer
  }

  package func begin() throws(LedgerFailure) {
    try checkpointer.throwIfFailed()
    if !isLogReserved {
      checkpointer.drain()
      isLogReserved = true
    }
    try mapped { () throws(LedgerFault) in
      // Files that were deleted or replaced would take commits that no restart finds again.
      guard files.identities() == opened else {
        throw .filesGone("the files of the ledger were moved or deleted while it was open")
      }
      try openWriter.begin()
    }
    pending = (newestRevision, newestTime)
  }

  package func append(
    _ batch: borrowing ChangeBatch, firstRevision: UInt64, time: Int64
  ) throws(LedgerFailure) {
    precondition(firstRevision == pending.revision + 1, "revisions have no hole")
    do throws(LedgerFault) {
      try openWriter.inserter.append(batch.changes, firstRevision: firstRevision, time: time)
    } catch {
      throw error.failure
    }
    pending = (firstRevision + UInt64(batch.count) - 1, time)
  }

  package func commit() throws(LedgerFailure) {
    try mapped { () throws(LedgerFault) in try openWriter.commit() }
    (newestRevision, newestTime) = pending
    keepPace(openWriter)
  }

  private func keepPace(_ writer: LedgerWriter) {
    let step = pace.committed(
      frames: writer.framesInLog, isPassRunning: checkpointer.isRunning)
    switch step {
    case .none: break
    case .background: checkpointer.start()
    case .finish:
      checkpointer.drain()
      checkpointer.run(writer.connection)
    }
  }

  package func rollBack() {
    openWriter.rollBack()
    openWriter.inserter.beginAnew()
    pending = (newestRevision, newestTime)
  }

  /// Copies the log first: where the disk is full, its space then serves again.
  package func probe() throws(LedgerFailure) {
    checkpointer.drain()
    checkpointer.run(openWriter.connection)
    try inTransaction { writer throws(LedgerFault) in try writer.writeProbe() }
  }

  func inTransaction(
    _ body: (LedgerWriter) throws(LedgerFault) -> Void
  ) throws(LedgerFailure) {
    do throws(LedgerFailure) {
      try begin()
      openWriter.inserter.beginAnew()
      try mapped { () throws(LedgerFault) in try body(openWriter) }
      try commit()
    } catch {
      rollBack()
      throw error
    }
  }

  func mapped<Result>(
    _ body: () throws(LedgerFault) -> Result
  ) throws(LedgerFailure) -> Result {
    do throws(LedgerFault) { return try body() } catch { throw error.failure }
  }

  /// Whatever fails here, the log keeps what it holds and the next start finds it there.
  package func close() {
    guard let writer else { return }
    planner.drain()
    if meta.newest != newestRevision {
      meta.newest = newestRevision
      try? inTransaction { writer throws(LedgerFault) in try writer.write(meta) }
    }
    // The last commit may have started a pass, and two at a time there are not.
    checkpointer.drain()
    _ = try? writer.connection.checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
    self.writer = nil
    try? files.syncFolder()
    lock = nil
  }
}
