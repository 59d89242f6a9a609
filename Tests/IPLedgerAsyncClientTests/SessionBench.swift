import IPLedgerClient

@testable import IPLedgerAsyncClient

/// A session under test, with a clock that a test moves.
struct SessionBench {
  private(set) var session: Session
  var now: Duration = .seconds(100)

  static let address = ServerAddress.unix(path: "/s")

  init(_ change: (inout ClientOptions) -> Void = { _ in }) {
    var options = ClientOptions()
    change(&options)
    session = Session(address: Self.address, options: options, seed: 7)
  }

  static func call(
    _ key: Int64, _ method: String = "pod.reserve", _ params: JSON = [:], within limit: Int = 10
  ) -> Call {
    Call(key: key, method: method, params: params, deadline: .seconds(100 + limit))
  }

  mutating func start(_ key: Int64, _ method: String = "pod.reserve") -> [Session.Action] {
    session.start(Self.call(key, method), now: now)
  }

  mutating func start(_ call: Call) -> [Session.Action] { session.start(call, now: now) }

  /// Connected, with nothing to do.
  static func open(_ change: (inout ClientOptions) -> Void = { _ in }) -> SessionBench {
    var bench = SessionBench(change)
    _ = bench.start(1_000, "server.ping")
    _ = bench.session.connected(now: bench.now)
    _ = bench.answer(1_000)
    return bench
  }

  mutating func connected() -> [Session.Action] { session.connected(now: now) }
  mutating func connectFailed() -> [Session.Action] { session.connectFailed("none", now: now) }
  mutating func lost() -> [Session.Action] { session.lost("gone", now: now) }
  mutating func expire(_ key: Int64) -> [Session.Action] { session.expire(key, now: now) }
  mutating func cancel(_ key: Int64) -> [Session.Action] { session.cancel(key, now: now) }
  mutating func again(_ key: Int64) -> [Session.Action] { session.again(key, now: now) }
  mutating func reconnect() -> [Session.Action] { session.reconnect(now: now) }
  mutating func close() -> [Session.Action] { session.close() }

  mutating func writable(_ isWritable: Bool) -> [Session.Action] {
    session.writable(isWritable, now: now)
  }

  mutating func answer(_ key: Int64, _ result: JSON = [:]) -> [Session.Action] {
    received(["jsonrpc": "2.0", "id": .int(key), "result": result])
  }

  mutating func refuse(
    _ id: JSON, _ reason: String, isRetryable: Bool = false, afterMilliseconds: Int64? = nil
  ) -> [Session.Action] {
    var data: [JSON.Member] = [
      JSON.Member("reason", .string(reason)), JSON.Member("retryable", .bool(isRetryable)),
    ]
    if let afterMilliseconds { data.append(JSON.Member("retryAfterMs", .int(afterMilliseconds))) }
    return received([
      "jsonrpc": "2.0", "id": id,
      "error": ["code": -32_000, "message": "no", "data": .object(data)],
    ])
  }

  mutating func received(_ message: JSON) -> [Session.Action] {
    session.received(message, now: now)
  }
}

extension [Session.Action] {
  /// The error that the call ends with.
  func error(of key: Int64) -> ClientError? {
    for case .finish(key, .failure(let error)) in self { return error }
    return nil
  }

  /// The reason that the daemon gave for it.
  func refusal(of key: Int64) -> String? {
    guard case .refused(let error) = error(of: key) else { return nil }
    return error.reason
  }

  var sent: [Int64] {
    compactMap { action in
      guard case .send(let key) = action else { return nil }
      return key
    }
  }

  /// How long the call waits before it is sent again.
  func pause(of key: Int64) -> Duration? {
    for case .again(key, let wait) in self { return wait }
    return nil
  }

  var isReconnecting: Bool {
    contains { action in
      guard case .reconnect = action else { return false }
      return true
    }
  }
}
