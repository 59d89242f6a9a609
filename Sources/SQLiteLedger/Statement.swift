import CSQLite
import Glibc

/// A prepared statement; its connection outlives its use.
///
/// Bound bytes are not copied: they stay in place until the statement has run.
///
/// `@safe`: the handle is this value's own until `deinit`; what takes or answers pointers is marked
/// where it is called.
@safe
struct Statement: ~Copyable {
  private let handle: OpaquePointer

  init(handle: OpaquePointer) {
    unsafe self.handle = unsafe handle
  }

  deinit {
    unsafe sqlite3_finalize(handle)
  }

  /// Positions count from 1.
  func bind(_ position: Int32, _ value: Int64) {
    let code = unsafe sqlite3_bind_int64(handle, position, value)
    precondition(code == SQLITE_OK, "a parameter exists and its statement is reset")
  }

  func bind(_ position: Int32, _ value: UInt64) {
    bind(position, Int64(bitPattern: value))
  }

  func bind(_ position: Int32, blob bytes: UnsafeRawBufferPointer) {
    // Safe: no destructor means that SQLite neither copies nor frees; see the type's comment.
    let code = unsafe sqlite3_bind_blob(
      handle, position, bytes.baseAddress, Int32(bytes.count), nil)
    precondition(code == SQLITE_OK, "a parameter exists and its statement is reset")
  }

  func bind(_ position: Int32, text bytes: UnsafeRawBufferPointer) {
    // Safe: as for blobs; texts were UTF-8 before they were bytes.
    let code = unsafe sqlite3_bind_text(
      handle, position, bytes.assumingMemoryBound(to: CChar.self).baseAddress,
      Int32(bytes.count), nil)
    precondition(code == SQLITE_OK, "a parameter exists and its statement is reset")
  }

  /// Moves to the next row; false at the end.
  func step() throws(LedgerFault) -> Bool {
    // SQLite does not keep the system's error of a failed COMMIT; calls that succeed leave it.
    errno = 0
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      let systemError = errno
      let connection = unsafe sqlite3_db_handle(handle)
      throw unsafe .sqlite(
        code: code, systemError: systemError,
        message: String(cString: sqlite3_errmsg(connection)))
    }
  }

  func reset() {
    // Its result repeats what `step` has already thrown.
    unsafe sqlite3_reset(handle)
  }

  /// Runs a statement that answers no rows of interest, and makes it ready to run again.
  func run() throws(LedgerFault) {
    defer { reset() }
    _ = try step()
  }

  /// The rowid that the last INSERT of the connection has given.
  var lastRow: UInt64 {
    UInt64(bitPattern: unsafe sqlite3_last_insert_rowid(sqlite3_db_handle(handle)))
  }

  /// Columns count from 0.
  func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

  func word(_ column: Int32) -> UInt64 { UInt64(bitPattern: integer(column)) }

  /// The bytes of a blob or text where SQLite has them: valid until the next step.
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = unsafe sqlite3_column_blob(handle, column)
    return unsafe UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  func text(_ column: Int32) -> String {
    unsafe String(decoding: bytes(column), as: UTF8.self)
  }
}
