import Allocation
import SQLiteLedger

/// What the process ends with; numbers as sysexits.h has them.
enum ExitStatus {
  static let success: Int32 = 0
  /// EX_DATAERR: the ledger is damaged, or not a ledger.
  static let dataError: Int32 = 65
  /// EX_UNAVAILABLE: somebody else serves the ledger or the socket.
  static let unavailable: Int32 = 69
  /// EX_CANTCREAT: a file or socket cannot be made.
  static let cannotCreate: Int32 = 73
  /// EX_IOERR: writing to disk failed half-way.
  static let ioError: Int32 = 74
  /// EX_CONFIG: the configuration does not fit the ledger.
  static let configuration: Int32 = 78

  static func of(_ error: LedgerOpenError) -> Int32 {
    switch error {
    case .heldBy: unavailable
    case .damaged, .foreign, .newerSchema: dataError
    case .unusable: cannotCreate
    }
  }
}

/// Why the daemon did not start.
struct StartFailure: Error {
  /// For a person.
  let message: String
  let status: Int32
}
