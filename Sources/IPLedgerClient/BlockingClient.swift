/// A client that asks one thing at a time and waits for the answer: for scripts, hooks and plugins.
///
/// ```swift
/// let client = try BlockingClient(to: .standard, within: .seconds(2))
/// let pod = try client.call(
///   "pod.reserve", ["node": "worker-1", "namespace": "default", "name": "web-0"],
///   within: .seconds(5))
/// print(pod["podIPs"]?.strings ?? [])
/// ```
///
/// It never raises SIGPIPE. After an error other than `ClientError.refused` the connection is of no
/// more use: make a new client, and repeat the request if you want; it is idempotent.
public final class BlockingClient {
  /// No answer line is longer: a page of a list has at most 1,000 items.
  private static var mostLineBytes: Int { 64 << 20 }

  private let socket: ClientSocket
  private var framer: Lines
  private var lastID: Int64 = 0
  private var notifications: [JSON] = []

  /// Connects, within `limit`.
  ///
  /// A TCP host is a numeric address or `localhost`: no names are looked up.
  ///
  /// Throws `ClientError.unreachable`, and `notSupported` for `tls:` and for names.
  public init(to address: ServerAddress, within limit: Duration) throws(ClientError) {
    let end = Instant(in: limit)
    framer = Lines(mostBytes: Self.mostLineBytes)
    socket = try ClientSocket.connected(to: address, until: end)
  }

  /// Calls `method` and returns its result.
  ///
  /// The daemon starts nothing after `limit`: it is sent as the
  /// request's `deadline`, if the params have none.
  ///
  /// Throws every `ClientError` but `unreachable`; `params` must be an object.
  public func call(
    _ method: String, _ params: JSON = [:], within limit: Duration
  ) throws(ClientError) -> JSON {
    let end = Instant(in: limit)
    let request = request(method, params, until: end)
    try send(request, until: end)
    while true {
      let message = try answer(until: end)
      // An error that has no id answers the line that was just sent.
      let isOfLine = message["id"] == .null && message["error"] != nil
      guard isOfLine || message["id"] == request["id"] else { continue }
      return try Self.result(of: message)
    }
  }

  /// Calls `method` once for each of `params`, on one line, and returns the results in their order.
  ///
  /// Throws the first refusal; what was asked besides it may have been done.
  package func call(
    _ method: String, each params: [JSON], within limit: Duration
  ) throws(ClientError) -> [JSON] {
    guard !params.isEmpty else { return [] }
    let end = Instant(in: limit)
    let requests = params.map { request(method, $0, until: end) }
    try send(.array(requests), until: end)
    while true {
      let message = try answer(until: end)
      guard let answers = message.array else {
        guard message["id"] == .null else { continue }
        _ = try Self.result(of: message)
        continue
      }
      var results: [JSON?: JSON] = [:]
      for answer in answers { results[answer["id"]] = try Self.result(of: answer) }
      var ordered: [JSON] = []
      for request in requests {
        guard let result = results[request["id"]] else { throw .notUnderstood(message.text) }
        ordered.append(result)
      }
      return ordered
    }
  }

  private func request(_ method: String, _ params: JSON, until end: Instant) -> JSON {
    lastID += 1
    return [
      "jsonrpc": "2.0", "id": .int(lastID), "method": .string(method),
      "params": params.withDeadline(end.wallMilliseconds),
    ]
  }

  private func send(_ line: JSON, until end: Instant) throws(ClientError) {
    do throws(ClientSocket.Failure) {
      try socket.send(line.bytes + [UInt8(ascii: "\n")], until: end)
    } catch {
      throw error.clientError
    }
  }

  private static func result(of message: JSON) throws(ClientError) -> JSON {
    if let error = message["error"] {
      guard let refusal = ServerError(error) else { throw .notUnderstood(message.text) }
      throw .refused(refusal)
    }
    guard let result = message["result"] else { throw .notUnderstood(message.text) }
    return result
  }

  /// The next message that is no notification; those are kept.
  private func answer(until end: Instant) throws(ClientError) -> JSON {
    while true {
      let message = try message(until: end)
      guard message["method"] != nil else { return message }
      notifications.append(message)
    }
  }

  /// Shows who the caller is: the roles of the token's access rule hold from now on.
  public func authenticate(token: String, within limit: Duration) throws(ClientError) {
    _ = try call("server.authenticate", ["token": .string(token)], within: limit)
  }

  /// The next notification, as `ledger.event`; nil when none came within `limit`.
  public func notification(within limit: Duration) throws(ClientError) -> JSON? {
    if !notifications.isEmpty { return notifications.removeFirst() }
    let end = Instant(in: limit)
    while true {
      do throws(ClientError) {
        let message = try message(until: end)
        if message["method"] != nil { return message }
      } catch .timedOut {
        return nil
      }
    }
  }

  private func message(until end: Instant) throws(ClientError) -> JSON {
    while true {
      if let line = try framer.next() {
        do throws(JSONTextError) {
          return try JSON(bytes: line)
        } catch {
          throw .notUnderstood(error.description)
        }
      }
      do throws(ClientSocket.Failure) {
        guard try socket.receive(into: &framer.bytes, until: end) else {
          throw ClientSocket.Failure(number: ClientSocket.Failure.closed)
        }
      } catch {
        throw error.clientError
      }
    }
  }
}
