internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// Turns what the channel tells into calls of the connection.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let loop: LoopConnections
  private var connection: Connection?

  /// There is a TLS handshake first: who it is is known after it.
  private let isSecure: Bool
  private var handshakeAlarm: Scheduled<Void>?

  init(loop: LoopConnections, isSecure: Bool) {
    self.loop = loop
    self.isSecure = isSecure
  }

  func channelActive(context: ChannelHandlerContext) {
    guard isSecure else { return open(context, names: nil) }
    let channel = context.channel
    handshakeAlarm = context.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(
      in: loop.limits.handshakeTimeout
    ) { [self] in
      failHandshake(channel, "it took too long")
    }
    context.read()
  }

  private func open(_ context: ChannelHandlerContext, names: [String]?) {
    guard let descriptor = Self.descriptor(context.channel),
      let opened = loop.open(descriptor: descriptor, names: names, channel: context)
    else { return context.close(promise: nil) }
    connection = opened
  }

  private static func descriptor(_ channel: any Channel) -> NIOBSDSocket.Handle? {
    try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self, { $0 })
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    connection?.received(unwrapInboundIn(data))
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    connection?.readCompleted()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed { connection?.inputEnded() }
    guard let event = event as? TLSUserEvent, case .handshakeCompleted = event, connection == nil
    else { return }
    handshakeAlarm?.cancel()
    handshakeAlarm = nil
    let certificate = try? context.channel.pipeline.syncOperations.nioSSL_peerCertificate()
    open(context, names: certificate?.ruleNames ?? [])
  }

  func channelInactive(context: ChannelHandlerContext) {
    if connection == nil { failHandshake(context.channel, "the client went away") }
    connection?.closed()
    connection = nil
  }

  /// A failed read or write: the channel closes itself right after, which is all that matters.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard isSecure else { return }
    if connection == nil { failHandshake(context.channel, "\(error)") }
    context.close(promise: nil)
  }

  /// Told once for each client.
  private func failHandshake(_ channel: any Channel, _ reason: String) {
    guard let alarm = handshakeAlarm else { return }
    handshakeAlarm = nil
    alarm.cancel()
    let address = channel.remoteAddress.map { "\($0)" } ?? "unknown"
    loop.counters.handshakeFailed()
    loop.events.handshakeFailed(address, reason)
    channel.close(promise: nil)
  }
}
