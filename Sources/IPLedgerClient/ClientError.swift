/// Why a call has no result.
public enum ClientError: Error, Sendable, Hashable {
  /// Nothing was sent: nobody answers at the address. `cause` says why, for a person.
  case unreachable(ServerAddress, cause: String)

  /// The connection ended before the answer came: the change may be there or not.
  ///
  /// The request may be repeated, for it is idempotent.
  case connectionLost(cause: String)

  /// No answer within the time given: as `connectionLost`.
  case timedOut

  /// The daemon answered with an error; nothing was changed, `OutcomeUnknown` excepted.
  case refused(ServerError)

  /// What came is no answer by the protocol: another program listens there.
  case notUnderstood(String)

  /// The address needs what this client does not have.
  case notSupported(String)
}

extension ClientError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreachable(let address, let cause): "nobody answers at \(address): \(cause)"
    case .connectionLost(let cause): "the connection ended before the answer: \(cause)"
    case .timedOut: "no answer in time"
    case .refused(let error): error.description
    case .notUnderstood(let what): "not an answer of ipledgerd: \(what)"
    case .notSupported(let what): what
    }
  }

  /// Whether the same call may succeed when it is repeated as it is.
  public var isRetryable: Bool {
    switch self {
    case .unreachable, .connectionLost, .timedOut: true
    case .refused(let error): error.isRetryable
    case .notUnderstood, .notSupported: false
    }
  }
}
