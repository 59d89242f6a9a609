internal import IPLedgerClient

/// One request on its way to an answer, over as many connections as that takes.
struct Call: Sendable {
  /// Its `id` on every connection; unique within a client.
  let key: Int64
  let method: String
  let params: JSON

  /// By the client's monotonic clock.
  let deadline: Duration

  /// Doing it twice is the same as doing it once.
  let mayRepeat: Bool

  /// Sent on the connection there is, and not answered.
  var isInFlight = false

  /// When it was sent the last time.
  var sentAt: Duration = .zero

  /// Why a connection ended on which it was sent: it may have been done.
  var lost: String?

  /// What the daemon answered the last time.
  var refusal: ServerError?
  var backoff: Backoff

  init(
    key: Int64, method: String, params: JSON, deadline: Duration, backoff: Backoff = Backoff()
  ) {
    self.key = key
    self.method = method
    self.params = params
    self.deadline = deadline
    self.backoff = backoff
    mayRepeat = Repeatable.contains(method, params)
  }

  /// What its end is when its time is over.
  func expired(at address: ServerAddress, unreachable cause: String?) -> ClientError {
    if isInFlight { return .timedOut }
    if let lost { return .connectionLost(cause: lost) }
    if let refusal { return .refused(refusal) }
    return .unreachable(address, cause: cause ?? "no connection in time")
  }
}
