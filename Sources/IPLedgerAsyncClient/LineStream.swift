internal import IPLedgerClient
internal import NIOCore

/// A connection whose lines are taken one by one: what nobody takes stays with the sender.
final class LineStream: Sendable {
  private let channel: any Channel
  private let handler: NIOLoopBound<LinePullHandler>

  private init(_ channel: any Channel, _ handler: NIOLoopBound<LinePullHandler>) {
    self.channel = channel
    self.handler = handler
  }

  deinit { close() }

  /// Connects, the TLS handshake included.
  ///
  /// Throws `ClientError.unreachable`.
  static func connect(
    _ connector: Connector, to address: ServerAddress, on loop: any EventLoop
  ) async throws -> LineStream {
    let ready = loop.makePromise(of: LineStream.self)
    let handshake = connector.isSecure ? connector.timeout : nil
    connector.connect(on: loop, autoRead: false) {
      LinePullHandler(handshake: handshake, ready: ready)
    }
    .whenFailure { ready.fail($0) }
    do {
      return try await ready.futureResult.get()
    } catch {
      throw ClientError.unreachable(address, cause: Connector.text(error))
    }
  }

  static func made(_ channel: any Channel, _ handler: LinePullHandler) -> LineStream {
    LineStream(channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
  }

  /// Sends messages, a line each.
  func send(_ messages: [JSON]) {
    let bytes = messages.flatMap { $0.bytes + [UInt8(ascii: "\n")] }
    channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
  }

  /// The next line; without a limit it is waited for as long as the connection lives.
  ///
  /// Throws `ClientError.connectionLost` when the connection has ended or no line came in time, and
  /// `CancellationError` when the task is cancelled, which ends the connection.
  func next(within limit: Duration?) async throws -> [UInt8] {
    let loop = channel.eventLoop
    let promise = loop.makePromise(of: [UInt8].self)
    loop.execute { [handler] in handler.value.next(promise) }
    let alarm = limit.map { limit in
      loop.scheduleTask(in: TimeAmount(limit)) { [channel] in
        promise.fail(ClientError.connectionLost(cause: "no answer in time"))
        channel.close(promise: nil)
      }
    }
    defer { alarm?.cancel() }
    do {
      return try await withTaskCancellationHandler {
        try await promise.futureResult.get()
      } onCancel: {
        close()
      }
    } catch {
      try Task.checkCancellation()
      throw error
    }
  }

  func close() { channel.close(promise: nil) }
}
