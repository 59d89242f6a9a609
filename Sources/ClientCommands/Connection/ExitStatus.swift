/// What the exit status says to a script: a number for each class of error, as in sysexits.h.
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case usage = 64
  case invalid = 65
  case notFound = 66
  case unreachable = 69
  case internalError = 70
  case refused = 73
  case retry = 75
  case notUnderstood = 76
  case forbidden = 77

  var meaning: String {
    switch self {
    case .done: "done"
    case .usage: "the command line is wrong"
    case .invalid: "the request, a file or the ledger is wrong"
    case .notFound: "there is no such object, record or file"
    case .unreachable: "nobody answers at the address"
    case .internalError: "a fault in the daemon"
    case .refused: "a conflict, or the address is taken, out of range or exhausted"
    case .retry: "not now: the same command may succeed later"
    case .notUnderstood: "what answers there is not ipledgerd"
    case .forbidden: "this caller may not do that"
    }
  }

  /// The class of an error that the daemon answered with.
  init(reason: String, isRetryable: Bool) {
    switch reason {
    case "ParseError", "InvalidRequest", "LineTooLong", "MethodNotFound", "InvalidParams":
      self = .invalid
    case "NotFound", "Compacted": self = .notFound
    case "Conflict", "AlreadyReserved", "OutOfRange", "Exhausted": self = .refused
    case "Forbidden": self = .forbidden
    default: self = isRetryable ? .retry : .internalError
    }
  }

  /// For `--help`.
  static let table = allCases.map { status in
    let number = "\(status.rawValue)"
    return "  \(number.padded(to: 4))\(status.meaning)"
  }
  .joined(separator: "\n")
}
