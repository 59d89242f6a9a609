extension OpenRPC {
  /// When an error is answered, as a sentence; what a request gets says more.
  package static func meaning(of reason: ErrorReason) -> String {
    switch reason {
    case .parseError: "The line is not JSON; data.offset says where."
    case .invalidRequest: "The line is JSON but no request: nesting, batch, or a member of it."
    case .lineTooLong: "The line passed the limit and was skipped to its end."
    case .methodNotFound: "There is no such method; data.near names similar ones."
    case .invalidParams: "Params are missing, unknown or wrong; data.causes has every finding."
    case .internalError: "A bug of the daemon, logged under data.correlationID."
    case .exhausted: "A range that the request needs has no free address."
    case .alreadyReserved: "The address asked for is held by data.owner."
    case .outOfRange: "The address asked for is in no range, or never handed out."
    case .notFound: "There is no such object."
    case .conflict: "ifRevision does not match, or the key exists with another request."
    case .forbidden: "The caller's role does not allow it; data.needed does."
    case .overloaded: "The queues are full; retry after data.retryAfterMs."
    case .ledgerUnavailable: "The ledger cannot be written now; reads still work."
    case .shuttingDown: "The daemon is draining."
    case .compacted: "The revision asked for is older than what the ledger keeps."
    case .deadlineExceeded: "The deadline passed before the request was started."
    case .outcomeUnknown: "Writing to disk failed: the change may be there. Repeat the request."
    }
  }
}
