internal import NIOCore

/// Turns what the channel tells into calls of the connection.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let loop: LoopConnections
  private var connection: Connection?

  init(loop: LoopConnections) {
    self.loop = loop
  }

  func channelActive(context: ChannelHandlerContext) {
    let descriptor = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self, { $0 })
    guard let descriptor, let opened = loop.open(descriptor: descriptor, channel: context) else {
      return context.close(promise: nil)
    }
    connection = opened
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    connection?.received(unwrapInboundIn(data))
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    connection?.readCompleted()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed { connection?.inputEnded() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    connection?.closed()
    connection = nil
  }

  /// A failed read or write: the channel closes itself right after, which is all that matters.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
