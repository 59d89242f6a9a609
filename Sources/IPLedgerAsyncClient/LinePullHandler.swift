internal import IPLedgerClient
internal import NIOCore
internal import NIOTLS

/// Reads from a connection only when somebody waits for a line.
final class LinePullHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let handshake: TimeAmount?
  private var ready: EventLoopPromise<LineStream>?
  private var alarm: Scheduled<Void>?
  private var lines = Lines(mostBytes: 64 << 20)
  private var waiter: EventLoopPromise<[UInt8]>?
  private var context: ChannelHandlerContext?
  private var failure: (any Error)?

  init(handshake: TimeAmount?, ready: EventLoopPromise<LineStream>) {
    self.handshake = handshake
    self.ready = ready
  }

  /// The next line, when there is one; one waits at a time.
  func next(_ promise: EventLoopPromise<[UInt8]>) {
    waiter = promise
    serve()
  }

  private func serve() {
    guard let promise = waiter else { return }
    do throws(ClientError) {
      if let line = try lines.next() {
        waiter = nil
        return promise.succeed(line)
      }
    } catch {
      waiter = nil
      return promise.fail(error)
    }
    guard let context else {
      waiter = nil
      return promise.fail(ClientError.connectionLost(cause: cause))
    }
    context.read()
  }

  private var cause: String { failure.map { Connector.text($0) } ?? "the other side closed it" }

  private func open(_ context: ChannelHandlerContext) {
    alarm?.cancel()
    self.context = context
    ready?.succeed(LineStream.made(context.channel, self))
    ready = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    guard let handshake else { return open(context) }
    let channel = context.channel
    alarm = context.eventLoop.assumeIsolated().scheduleTask(in: handshake) { [self] in
      failure = failure ?? ClientError.timedOut
      channel.close(promise: nil)
    }
    context.read()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? TLSUserEvent, case .handshakeCompleted = event { open(context) }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lines.bytes += unwrapInboundIn(data).readableBytesView
  }

  func channelReadComplete(context: ChannelHandlerContext) { serve() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    failure = failure ?? error
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    alarm?.cancel()
    self.context = nil
    ready?.fail(failure ?? ClientError.connectionLost(cause: cause))
    ready = nil
    serve()
  }
}
