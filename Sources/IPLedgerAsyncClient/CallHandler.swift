internal import IPLedgerClient
internal import NIOCore
internal import NIOTLS

/// Turns what a connection tells into calls of the driver.
final class CallHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let id: CallDriver.ConnectionID
  private let driver: CallDriver

  /// How long a TLS handshake may take; nil when there is none.
  private let handshake: TimeAmount?
  private var alarm: Scheduled<Void>?
  private var lines = Lines(mostBytes: 64 << 20)
  private var failure: String?

  init(_ id: CallDriver.ConnectionID, _ driver: CallDriver, handshake: TimeAmount?) {
    self.id = id
    self.driver = driver
    self.handshake = handshake
  }

  func channelActive(context: ChannelHandlerContext) {
    guard let handshake else { return driver.connected(id, context.channel) }
    let channel = context.channel
    alarm = context.eventLoop.assumeIsolated().scheduleTask(in: handshake) { [self] in
      failure = failure ?? "the TLS handshake took too long"
      channel.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
      alarm?.cancel()
      driver.connected(id, context.channel)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lines.bytes += unwrapInboundIn(data).readableBytesView
    do throws(ClientError) {
      while let line = try lines.next() { driver.received(id, line) }
    } catch {
      driver.notUnderstood(id, error.description)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    driver.writable(id, context.channel.isWritable)
  }

  /// The channel ends right after; what is told of it then is this.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    failure = failure ?? Connector.text(error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    alarm?.cancel()
    driver.ended(id, failure ?? "the other side closed it")
  }
}
