/// The stable names of all errors that the protocol knows: each is one row of its error table.
package enum ErrorReason: String, Sendable, Hashable, CaseIterable {
  case parseError = "ParseError"
  case invalidRequest = "InvalidRequest"
  case lineTooLong = "LineTooLong"
  case methodNotFound = "MethodNotFound"
  case invalidParams = "InvalidParams"
  case internalError = "InternalError"
  case exhausted = "Exhausted"
  case alreadyReserved = "AlreadyReserved"
  case outOfRange = "OutOfRange"
  case notFound = "NotFound"
  case conflict = "Conflict"
  case forbidden = "Forbidden"
  case overloaded = "Overloaded"
  case ledgerUnavailable = "LedgerUnavailable"
  case shuttingDown = "ShuttingDown"
  case compacted = "Compacted"
  case deadlineExceeded = "DeadlineExceeded"
  case outcomeUnknown = "OutcomeUnknown"

  /// JSON-RPC's number for it.
  package var code: Int {
    switch self {
    case .parseError: -32700
    case .invalidRequest, .lineTooLong: -32600
    case .methodNotFound: -32601
    case .invalidParams: -32602
    case .internalError: -32603
    case .exhausted: -32001
    case .alreadyReserved: -32002
    case .outOfRange: -32003
    case .notFound: -32004
    case .conflict: -32005
    case .forbidden: -32006
    case .overloaded: -32007
    case .ledgerUnavailable: -32008
    case .shuttingDown: -32009
    case .compacted: -32010
    case .deadlineExceeded: -32011
    case .outcomeUnknown: -32012
    }
  }

  /// Whether the same request may succeed later.
  package var isRetryable: Bool {
    switch self {
    case .overloaded, .ledgerUnavailable, .shuttingDown, .deadlineExceeded, .outcomeUnknown: true
    default: false
    }
  }
}
