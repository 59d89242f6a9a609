internal import IPLedgerClient
internal import NIOCore

/// Does what a `Session` says: it owns the connection, the alarms and those who wait.
///
/// All of it is called on one event loop.
final class CallDriver {
  typealias Continuation = CheckedContinuation<JSON, any Error>

  private struct Waiter {
    let continuation: Continuation
    let alarm: Scheduled<Void>
  }

  private let loop: any EventLoop
  private let connector: Connector
  private var session: Session
  private var waiters: [Int64: Waiter] = [:]
  private var connection: ConnectionID?
  private var channel: (any Channel)?
  private var connections = 0
  private var isFlushDue = false

  /// Tells an old connection's last words from the new one's.
  typealias ConnectionID = Int

  init(
    _ address: ServerAddress, _ options: ClientOptions, _ connector: Connector,
    on loop: any EventLoop
  ) {
    self.loop = loop
    self.connector = connector
    session = Session(address: address, options: options, seed: UInt64.random(in: 0...UInt64.max))
  }

  static var now: Duration { .nanoseconds(NIODeadline.now().uptimeNanoseconds) }

  // MARK: What callers do

  func start(_ call: Call, _ continuation: Continuation) {
    let left = TimeAmount(max(call.deadline - Self.now, .zero))
    let alarm = loop.assumeIsolated().scheduleTask(in: left) { [self] in
      perform(session.expire(call.key, now: Self.now))
    }
    waiters[call.key] = Waiter(continuation: continuation, alarm: alarm)
    perform(session.start(call, now: Self.now))
  }

  func cancel(_ key: Int64) {
    guard let waiter = waiters.removeValue(forKey: key) else { return }
    waiter.alarm.cancel()
    waiter.continuation.resume(throwing: CancellationError())
    perform(session.cancel(key, now: Self.now))
  }

  func close() { perform(session.close()) }

  // MARK: What the connection does

  func connected(_ id: ConnectionID, _ channel: any Channel) {
    guard id == connection else { return channel.close(promise: nil) }
    self.channel = channel
    perform(session.connected(now: Self.now))
  }

  func received(_ id: ConnectionID, _ line: [UInt8]) {
    guard id == connection else { return }
    do throws(JSONTextError) {
      perform(session.received(try JSON(bytes: line), now: Self.now))
    } catch {
      perform(session.notUnderstood(error.description))
    }
  }

  func notUnderstood(_ id: ConnectionID, _ what: String) {
    guard id == connection else { return }
    perform(session.notUnderstood(what))
  }

  func writable(_ id: ConnectionID, _ isWritable: Bool) {
    guard id == connection else { return }
    perform(session.writable(isWritable, now: Self.now))
  }

  /// It has ended, or was never there.
  func ended(_ id: ConnectionID, _ cause: String) {
    guard id == connection else { return }
    connection = nil
    if channel == nil {
      perform(session.connectFailed(cause, now: Self.now))
    } else {
      channel = nil
      perform(session.lost(cause, now: Self.now))
    }
  }

  // MARK: What the session says

  private func perform(_ actions: [Session.Action]) {
    for action in actions {
      switch action {
      case .connect: connect()
      case .reconnect(let wait): after(wait) { [self] in session.reconnect(now: Self.now) }
      case .again(let key, let wait):
        after(wait) { [self] in session.again(key, now: Self.now) }
      case .greet(let token):
        write(
          Self.line(Session.greetingID, "server.authenticate", ["token": .string(token)]))
      case .send(let key): send(key)
      case .finish(let key, let result): finish(key, result)
      case .disconnect: disconnect()
      }
    }
  }

  private func after(_ wait: Duration, _ event: @escaping () -> [Session.Action]) {
    _ = loop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) { [self] in perform(event()) }
  }

  private func connect() {
    connections += 1
    let id = connections
    connection = id
    let bound = NIOLoopBound(self, eventLoop: loop)
    let handshake = connector.isSecure ? connector.timeout : nil
    connector.connect(on: loop) {
      CallHandler(id, bound.value, handshake: handshake)
    }
    .assumeIsolated()
    .whenFailure { [self] error in ended(id, Connector.text(error)) }
  }

  private func disconnect() {
    connection = nil
    channel?.close(promise: nil)
    channel = nil
  }

  private func send(_ key: Int64) {
    guard let call = session.calls[key] else { return }
    var params = call.params
    if session.options.sendsDeadline {
      params = params.withDeadline(Instant(in: call.deadline - Self.now).wallMilliseconds)
    }
    write(Self.line(key, call.method, params))
  }

  private static func line(_ id: Int64, _ method: String, _ params: JSON) -> [UInt8] {
    let request: JSON = [
      "jsonrpc": "2.0", "id": .int(id), "method": .string(method), "params": params,
    ]
    return request.bytes + [UInt8(ascii: "\n")]
  }

  /// What is written in one turn of the loop goes out together.
  private func write(_ line: [UInt8]) {
    guard let channel else { return }
    channel.write(ByteBuffer(bytes: line), promise: nil)
    guard !isFlushDue else { return }
    isFlushDue = true
    loop.assumeIsolated().execute { [self] in
      isFlushDue = false
      self.channel?.flush()
    }
  }

  private func finish(_ key: Int64, _ result: Result<JSON, ClientError>) {
    guard let waiter = waiters.removeValue(forKey: key) else { return }
    waiter.alarm.cancel()
    waiter.continuation.resume(with: result.mapError { $0 as any Error })
  }
}
