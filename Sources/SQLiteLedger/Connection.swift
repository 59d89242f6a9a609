import CSQLite

/// One connection to the database file, used by one thread at a time.
///
/// It is opened without SQLite's own mutexes: whoever owns it sees to that.
///
/// `@safe`: the handle is this value's own until `deinit`, and callers pass no pointers.
@safe
struct Connection: ~Copyable {
  let handle: OpaquePointer

  enum Mode {
    case readWrite
    case readOnly
  }

  /// How long a call waits for the lock of another program, such as an operator's shell.
  private static let patienceMilliseconds: Int32 = 100

  private init(handle: OpaquePointer) {
    unsafe self.handle = unsafe handle
  }

  /// Opens an existing file.
  static func open(_ path: String, _ mode: Mode) throws(LedgerFault) -> Connection {
    var opened: OpaquePointer?
    let access = mode == .readWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
    // Safe: the path is copied, and the handle belongs to this value alone until `deinit`.
    let code = unsafe sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX, nil)
    guard let opened = unsafe opened else {
      throw .sqlite(code: code, systemError: 0, message: "out of memory")
    }
    let connection = unsafe Connection(handle: opened)
    unsafe sqlite3_extended_result_codes(opened, 1)
    unsafe sqlite3_busy_timeout(opened, patienceMilliseconds)
    try connection.check(code)
    try connection.check(unsafe csqlite_keep_log_on_close(opened))
    return connection
  }

  deinit {
    // Safe: statements that still live keep SQLite's part of the handle alive (close_v2).
    unsafe sqlite3_close_v2(handle)
  }

  /// What the last failed call of this connection was about.
  func fault(_ code: Int32) -> LedgerFault {
    unsafe .sqlite(
      code: code, systemError: sqlite3_system_errno(handle),
      message: String(cString: sqlite3_errmsg(handle)))
  }

  func check(_ code: Int32) throws(LedgerFault) {
    guard code == SQLITE_OK else { throw fault(code) }
  }

  /// Runs SQL that answers nothing of interest.
  func execute(_ sql: String) throws(LedgerFault) {
    try check(unsafe sqlite3_exec(handle, sql, nil, nil, nil))
  }

  func prepare(_ sql: String) throws(LedgerFault) -> Statement {
    var prepared: OpaquePointer?
    let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
    try check(unsafe sqlite3_prepare_v3(handle, sql, -1, flags, &prepared, nil))
    guard let prepared = unsafe prepared else { preconditionFailure("SQL is not empty") }
    return unsafe Statement(handle: prepared)
  }

  /// The number in the first column of the first row.
  func integer(_ sql: String) throws(LedgerFault) -> Int64 {
    let statement = try prepare(sql)
    return try statement.step() ? statement.integer(0) : 0
  }

  /// The text in the first column of the first row.
  func text(_ sql: String) throws(LedgerFault) -> String {
    let statement = try prepare(sql)
    return try statement.step() ? statement.text(0) : ""
  }

  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  var isReadOnly: Bool { unsafe sqlite3_db_readonly(handle, "main") == 1 }

  /// The rows that the last statement changed.
  var changes: Int32 { unsafe sqlite3_changes(handle) }
}
