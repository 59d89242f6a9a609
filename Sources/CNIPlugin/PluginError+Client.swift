internal import IPLedgerClient

extension PluginError {
  /// What the daemon's refusal, or its silence, means to a runtime.
  init(_ error: ClientError) {
    switch error {
    case .refused(let refusal): self.init(refusal)
    case .unreachable(let address, let cause):
      self.init(.tryAgainLater, "ipledger is not reachable", details: "\(address): \(cause)")
    case .connectionLost(let cause):
      self.init(.tryAgainLater, "ipledger did not answer", details: cause)
    case .timedOut:
      self.init(.tryAgainLater, "ipledger did not answer", details: "no answer in time")
    case .notUnderstood(let what):
      self.init(.refused, "what answers at the socket is not ipledger", details: what)
    case .notSupported(let what): self.init(.invalidConfig, "ipam.socket: \(what)")
    }
  }

  private init(_ refusal: ServerError) {
    let code: Code
    switch refusal.reason {
    case "Exhausted": code = .exhausted
    case "AlreadyReserved": code = .alreadyReserved
    case "OutOfRange": code = .outOfRange
    case "NotFound": code = .notFound
    case "Forbidden": code = .forbidden
    case "Conflict": code = .conflict
    default: code = refusal.isRetryable ? .tryAgainLater : .refused
    }
    // The fields are those of the request, which users do not see: most of them say nothing.
    let texts = refusal.causes.filter { $0.message != refusal.message }.map { cause in
      refusal.reason == "InvalidParams" ? "\(cause.field): \(cause.message)" : cause.message
    }
    self.init(code, refusal.message, details: texts.joined(separator: "; "))
  }
}
