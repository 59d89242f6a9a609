import Allocation
import CSQLite
import Glibc

/// What can go wrong inside this target; callers see a `LedgerFailure` or a `LedgerOpenError`.
enum LedgerFault: Error {
  /// A call of SQLite failed: its extended result code, and the system's error behind it.
  case sqlite(code: Int32, systemError: Int32, message: String)

  /// What is stored contradicts itself: where, and how.
  case damage(place: String, cause: String)

  /// The files of the ledger are no longer those that were opened.
  case filesGone(String)

  /// The file is not to be opened at all.
  case refused(LedgerOpenError)

  /// The caller's own block failed while something was streamed to it.
  case caller(LedgerFailure)

  static func damage(table: String, revision: UInt64, _ cause: String) -> LedgerFault {
    .damage(place: "table \(table), revision \(revision)", cause: cause)
  }
}

extension LedgerFault {
  /// Whether the disk, or the user's part of it, was full.
  var isForLackOfSpace: Bool {
    guard case .sqlite(let code, let systemError, _) = self else { return false }
    return code & 0xFF == SQLITE_FULL || [ENOSPC, EDQUOT].contains(systemError)
  }

  /// As the engine sees it: only what surely left nothing behind is `unavailable`.
  var failure: LedgerFailure {
    switch self {
    case .sqlite(let code, let systemError, let message):
      Self.failure(code: code, systemError: systemError, message: message)
    case .damage(let place, let cause):
      .unknown(cause: "the ledger is damaged: \(place): \(cause)")
    case .filesGone(let cause): .unknown(cause: cause)
    case .refused(let error): .unknown(cause: error.description)
    case .caller(let failure): failure
    }
  }

  private static func failure(code: Int32, systemError: Int32, message: String) -> LedgerFailure {
    // A failed sync may have left the commit in the page cache, whatever its reason was.
    if code == csqlite_ioerr_fsync || code == csqlite_ioerr_dir_fsync {
      return .unknown(cause: "syncing failed: \(text(systemError))")
    }
    switch code & 0xFF {
    case SQLITE_FULL:
      return .unavailable(cause: "the disk is full")
    case SQLITE_READONLY:
      return .unavailable(cause: "the ledger can only be read: \(message)")
    case SQLITE_CANTOPEN:
      return .unavailable(cause: "a file of the ledger cannot be opened: \(text(systemError))")
    case SQLITE_BUSY:
      return .unavailable(cause: "another program has locked the ledger")
    case SQLITE_IOERR where [ENOSPC, EROFS, EDQUOT].contains(systemError):
      return .unavailable(cause: "writing failed: \(text(systemError))")
    case SQLITE_IOERR:
      return .unknown(cause: "reading or writing failed: \(text(systemError)) (SQLite \(code))")
    default:
      return .unknown(cause: "\(message) (SQLite \(code))")
    }
  }

  /// As whoever starts the daemon sees it.
  func openError(path: String) -> LedgerOpenError {
    switch self {
    case .damage(let place, let cause):
      return .damaged(path: path, place: place, cause: cause)
    case .sqlite(SQLITE_NOTADB, _, _):
      return .foreign(path: path)
    case .sqlite(let code, _, let message)
    where [SQLITE_CORRUPT, SQLITE_ERROR].contains(code & 0xFF):
      return .damaged(path: path, place: "database file", cause: message)
    case .refused(let error):
      return error
    case .sqlite, .filesGone, .caller:
      switch failure {
      case .unavailable(let cause), .unknown(let cause):
        return .unusable(path: path, cause: cause)
      }
    }
  }

  private static func text(_ systemError: Int32) -> String {
    systemError == 0 ? "unknown reason" : systemText(systemError)
  }
}
