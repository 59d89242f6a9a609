internal import IPLedgerClient

/// What a watch knows, without doing any I/O: how far it has come, and what an answer means.
struct WatchState: Sendable {
  enum Step: Hashable {
    case event(LedgerEvent)
    /// Nothing to show.
    case nothing
    /// The connection is of no more use: make another one.
    case reconnect(cause: String, after: Duration?)
    case end(ClientError)
  }

  /// The `id` of the request that shows the token.
  static let greetingID: Int64 = 0

  /// The `id` of the request for events.
  static let watchID: Int64 = 1

  let filter: LedgerFilter

  /// Every event up to this revision has been shown, or is of no interest; nil: from now on.
  private(set) var after: Int64?

  /// The daemon has said that it watches; until then an answer is due.
  private(set) var isEstablished = false

  init(after: Int64?, filter: LedgerFilter) {
    self.after = after
    self.filter = filter
  }

  /// What is sent when a connection is there; the daemon does it in this order.
  mutating func requests(token: String?) -> [JSON] {
    isEstablished = false
    let greeting: JSON? = token.map { token in
      [
        "jsonrpc": "2.0", "id": .int(Self.greetingID), "method": "server.authenticate",
        "params": ["token": .string(token)],
      ]
    }
    let params = JSON(members: [
      ("after", after.map { .int($0) }), ("filter", filter == LedgerFilter() ? nil : filter.json),
    ])
    let watch: JSON = [
      "jsonrpc": "2.0", "id": .int(Self.watchID), "method": "ledger.watch", "params": params,
    ]
    return [greeting, watch].compactMap { $0 }
  }

  mutating func received(_ message: JSON) -> Step {
    if message["method"]?.string == "ledger.event", let params = message["params"] {
      guard let event = LedgerEvent(params) else { return .end(.notUnderstood(message.text)) }
      // Shown already, on an earlier connection.
      if let after, event.revision <= after { return .nothing }
      after = event.revision
      return .event(event)
    }
    if let error = message["error"] {
      guard let error = ServerError(error) else { return .end(.notUnderstood(message.text)) }
      guard error.isRetryable else { return .end(.refused(error)) }
      let wait = error.data["retryAfterMs"]?.int.map { Duration.milliseconds($0) }
      return .reconnect(cause: error.message, after: wait)
    }
    guard let result = message["result"] else { return .end(.notUnderstood(message.text)) }
    // The revision of a watch from now on is where the next connection goes on.
    if message["id"]?.int == Self.watchID {
      isEstablished = true
      if after == nil { after = result["revision"]?.int }
    }
    return .nothing
  }
}
