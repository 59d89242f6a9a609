import CSQLite

/// The one connection that writes, with everything prepared that it says.
///
/// `@safe`: the pointer to the counter is this object's own until `deinit`, and read and written on
/// the writing thread alone.
@safe
final class LedgerWriter {
  let connection: Connection
  private let beginStatement: Statement
  private let commitStatement: Statement
  private let rollbackStatement: Statement
  private let probeStatement: Statement
  private let metaStatement: Statement
  private let setTargetStatement: Statement
  private let dropTargetStatement: Statement
  var inserter: RecordInserter
  var derivation: Derivation
  let compactor: Compactor

  /// Frames in the log after the last commit; SQLite writes it through `watchLog`'s hook.
  private let logFrames: UnsafeMutablePointer<Int32>

  init(_ connection: consuming Connection) throws(LedgerFault) {
    beginStatement = try connection.prepare("BEGIN IMMEDIATE")
    commitStatement = try connection.prepare("COMMIT")
    rollbackStatement = try connection.prepare("ROLLBACK")
    // Random, as SQLite does not write a page whose bytes are the same.
    probeStatement = try connection.prepare(
      "UPDATE probe SET filler = randomblob(\(LedgerSchema.probeBytes)) WHERE id = 1")
    metaStatement = try connection.prepare(LedgerMeta.updateSQL)
    setTargetStatement = try connection.prepare(LedgerMeta.setTargetSQL)
    dropTargetStatement = try connection.prepare(LedgerMeta.dropTargetSQL)
    inserter = try RecordInserter(connection)
    derivation = try Derivation(connection)
    compactor = try Compactor(connection)
    unsafe logFrames = .allocate(capacity: 1)
    unsafe logFrames.initialize(to: 0)
    self.connection = connection
    watchLog()
  }

  deinit {
    // Safe: without the hook nobody writes to the counter any more.
    unsafe sqlite3_wal_hook(connection.handle, nil, nil)
    unsafe logFrames.deallocate()
  }

  private func watchLog() {
    // Safe: the counter lives until the hook is removed; both happen on the writing thread.
    unsafe sqlite3_wal_hook(
      connection.handle,
      { counter, _, _, frames in
        unsafe counter?.storeBytes(of: frames, as: Int32.self)
        return SQLITE_OK
      },
      UnsafeMutableRawPointer(logFrames))
  }

  var framesInLog: Int { unsafe Int(logFrames.pointee) }

  func begin() throws(LedgerFault) { try beginStatement.run() }

  func commit() throws(LedgerFault) { try commitStatement.run() }

  func rollBack() {
    guard connection.isInTransaction else { return }
    // Its failure leaves nothing to do: the next `begin` says what is wrong.
    try? rollbackStatement.run()
  }

  func writeProbe() throws(LedgerFault) { try probeStatement.run() }

  func write(_ meta: LedgerMeta) throws(LedgerFault) {
    try meta.update(metaStatement)
    if meta.target > 0 {
      setTargetStatement.bind(1, meta.target)
      try setTargetStatement.run()
    } else {
      try dropTargetStatement.run()
    }
  }
}
