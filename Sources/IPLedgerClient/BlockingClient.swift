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
    lastID += 1
    let id = JSON.int(lastID)
    let request: JSON = [
      "jsonrpc": "2.0", "id": id, "method": .string(method),
      "params": params.withDeadline(end.wallMilliseconds),
    ]
    do throws(ClientSocket.Failure) {
      try socket.send(request.bytes + [UInt8(ascii: "\n")], until: end)
    } catch {
      throw error.clientError
    }
    while true {
      let message = try message(until: end)
      if message["method"] != nil {
        notifications.append(message)
        continue
      }
      if let error = message["error"] {
        guard let refusal = ServerError(error) else { throw .notUnderstood(message.text) }
        // An error that has no id answers the line that was just sent.
        guard message["id"] == id || message["id"] == .null else { continue }
        throw .refused(refusal)
      }
      guard message["id"] == id else { continue }
      guard let result = message["result"] else { throw .notUnderstood(message.text) }
      return result
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
