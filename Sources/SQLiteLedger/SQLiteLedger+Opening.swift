import CSQLite

extension SQLiteLedger {
  /// Opens the ledger at `path`, or makes an empty one; its folder is made too when it is missing.
  ///
  /// When this returns, everything that the ledger will show is synced, and in the database file
  /// unless the disk is full.
  /// The log, the tables and the newest record are verified; the rest is as it is read.
  package static func open(
    at path: String, options: LedgerOptions = LedgerOptions()
  ) throws(LedgerOpenError) -> SQLiteLedger {
    let files = LedgerFiles(path: path)
    try files.prepareFolder()
    let lock = try LedgerLock(ledger: path)
    try audit(files)
    try files.create()
    try files.sync()
    let ledger: SQLiteLedger
    do throws(LedgerFault) {
      let connection = try connect(files, options)
      ledger = try SQLiteLedger(files, lock: lock, connection: connection, options: options)
    } catch {
      throw error.openError(path: path)
    }
    try files.syncFolder()
    return ledger
  }

  /// Looks at the bytes of the files before SQLite may change them.
  static func audit(_ files: LedgerFiles) throws(LedgerOpenError) {
    if let frame = try WALAudit.damagedFrame(ofLog: files.log) {
      throw .damaged(
        path: files.log, place: frame == 0 ? "its header" : "frame \(frame)",
        cause: "the checksum does not match, and commits that were synced later follow")
    }
    // An unclean end leaves both, a clean one by whatever program both or none.
    if files.size(files.log) == nil, files.size(files.index) ?? 0 > 0 {
      throw .damaged(
        path: files.log, place: "its log", cause: "it is gone, and its index is still there")
    }
    // SQLite deletes the log of an empty file: it would take it for left-overs.
    if files.size(files.path) ?? 0 == 0, files.size(files.log) ?? 0 > 0 {
      throw .damaged(
        path: files.path, place: "database file", cause: "it is empty, and its log is not")
    }
  }

  private static func connect(
    _ files: LedgerFiles, _ options: LedgerOptions
  ) throws(LedgerFault) -> Connection {
    let connection = try Connection.open(files.path, .readWrite)
    guard !connection.isReadOnly else {
      throw .sqlite(code: SQLITE_READONLY, systemError: 0, message: "nobody may write to it")
    }
    try LedgerSchema.establish(connection, path: files.path)
    try LedgerSchema.useWriteAheadLog(connection)
    try connection.setSynchronous(options.synchronous)
    try connection.execute("PRAGMA wal_autocheckpoint = 0")
    // In kibibytes: deriving walks the state, a commit only the end of the records.
    try connection.execute("PRAGMA cache_size = -8192")
    try emptyLog(connection)
    return connection
  }

  /// Copies the log into the database file, where everything is checked more often.
  ///
  /// On a full disk the log stays as it is: it has been synced, it is read with the database, and
  /// reads must go on. The first commit then finds the disk full.
  private static func emptyLog(_ connection: borrowing Connection) throws(LedgerFault) {
    do throws(LedgerFault) {
      guard try connection.checkpoint(SQLITE_CHECKPOINT_TRUNCATE) else {
        throw .sqlite(
          code: SQLITE_BUSY, systemError: 0, message: "another program reads the ledger")
      }
    } catch {
      guard error.isForLackOfSpace else { throw error }
    }
  }
}
