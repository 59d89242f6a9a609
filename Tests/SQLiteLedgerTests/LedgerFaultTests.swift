import Allocation
import CSQLite
import Foundation
import Testing

@testable import SQLiteLedger

@Suite struct LedgerFaultTests {
  private func failure(_ code: Int32, _ systemError: Int32) -> LedgerFailure {
    LedgerFault.sqlite(code: code, systemError: systemError, message: "text").failure
  }

  private static let write = SQLITE_IOERR | 3 << 8

  private static let healing: [(Int32, Int32)] = [
    (SQLITE_FULL, 0), (SQLITE_READONLY, 0), (SQLITE_READONLY | 1 << 8, 0),
    (SQLITE_CANTOPEN, ENOENT), (SQLITE_BUSY, 0), (write, ENOSPC), (write, EROFS),
    (write, EDQUOT),
  ]

  private static let fatal: [(Int32, Int32)] = [
    (write, EIO), (SQLITE_IOERR, 0), (SQLITE_CORRUPT, 0), (SQLITE_NOMEM, 0),
    (SQLITE_CONSTRAINT, 0), (csqlite_ioerr_fsync, EIO), (csqlite_ioerr_dir_fsync, EIO),
    // The commit is in the page cache: the next start may find it.
    (csqlite_ioerr_fsync, ENOSPC), (csqlite_ioerr_fsync, EDQUOT),
  ]

  @Test(arguments: healing)
  func `what surely left nothing behind may heal`(code: Int32, systemError: Int32) {
    guard case .unavailable = failure(code, systemError) else {
      Issue.record("\(failure(code, systemError))")
      return
    }
  }

  @Test(arguments: fatal)
  func `what may have left something behind is unknown`(code: Int32, systemError: Int32) {
    guard case .unknown = failure(code, systemError) else {
      Issue.record("\(failure(code, systemError))")
      return
    }
  }

  @Test func `a cause is a short sentence`() {
    #expect(failure(SQLITE_FULL, 0) == .unavailable(cause: "the disk is full"))
    #expect(
      failure(csqlite_ioerr_fsync, EIO) == .unknown(cause: "syncing failed: Input/output error"))
  }
}
