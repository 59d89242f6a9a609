internal import Glibc
internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// Turns what the channel tells into calls of the connection.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let loop: LoopConnections
  private var connection: Connection?
  private var hasArrived = false

  /// There is a TLS handshake first: who it is is known after it.
  private let isSecure: Bool
  private var handshakeAlarm: Scheduled<Void>?

  init(loop: LoopConnections, isSecure: Bool) {
    self.loop = loop
    self.isSecure = isSecure
  }

  func channelActive(context: ChannelHandlerContext) {
    defer { arrive() }
    guard isSecure else { return open(context, names: nil) }
    let channel = context.channel
    handshakeAlarm = context.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(
      in: loop.limits.handshakeTimeout
    ) { [self] in
      failHandshake(channel, "it took too long")
    }
    loop.handshakes += 1
    context.read()
  }

  /// A client that was gone before it got here is removed without having been active.
  func handlerRemoved(context: ChannelHandlerContext) { arrive() }

  private func arrive() {
    guard !hasArrived else { return }
    hasArrived = true
    loop.counters.arrived()
  }

  private func open(_ context: ChannelHandlerContext, names: [String]?) {
    guard let descriptor = Self.descriptor(context.channel),
      let opened = loop.open(descriptor: descriptor, names: names, channel: context)
    else { return context.close(promise: nil) }
    // It is accepted without: a program started from here would keep the client waiting.
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
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
    loop.handshakes -= 1
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
    loop.handshakes -= 1
    let address = channel.remoteAddress.map { "\($0)" } ?? "unknown"
    loop.counters.handshakeFailed()
    loop.events.handshakeFailed(address, reason)
    channel.close(promise: nil)
  }
}
