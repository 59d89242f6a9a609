import AddressBitmap
import Allocation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Transport

/// Metrics and health over HTTP, for Prometheus and for probes: three paths and nothing else.
struct MetricsServer {
  private let channels: [any Channel]

  /// Connections beyond these are closed at once: whoever scrapes has one.
  private static let mostConnections = 64

  /// Seconds for a request to come and its answer to be taken.
  private static let patience: TimeAmount = .seconds(10)

  static func start(
    on group: MultiThreadedEventLoopGroup, sockets: [ListeningSocket], _ context: DaemonContext
  ) async throws -> MetricsServer {
    let connections = ConnectionCount()
    let bootstrap = ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard connections.enter(channel, atMost: mostConnections) else {
            throw ChannelError.connectTimeout(.zero)
          }
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(IdleStateHandler(allTimeout: patience))
          try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
          try pipeline.addHandler(MetricsHandler(context))
        }
      }
    var channels: [any Channel] = []
    for socket in sockets {
      channels.append(try await bootstrap.withBoundSocket(socket.descriptor).get())
    }
    return MetricsServer(channels: channels)
  }

  /// Whoever waits in an inherited socket waits there for the next process.
  func stop() async {
    // Closing fails only for a listener that is closed.
    for channel in channels { try? await channel.close() }
  }
}

/// How many connections there are.
private final class ConnectionCount: Sendable {
  private let count = Locked(0)

  func enter(_ channel: any Channel, atMost limit: Int) -> Bool {
    let isRoom = count.withLock { count in
      guard count < limit else { return false }
      count += 1
      return true
    }
    guard isRoom else { return false }
    channel.closeFuture.whenComplete { _ in self.count.withLock { $0 -= 1 } }
    return true
  }
}

/// Answers one request after the other of one connection.
private final class MetricsHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let daemon: DaemonContext
  private var request: HTTPRequestHead?

  init(_ daemon: DaemonContext) { self.daemon = daemon }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): request = head
    case .body: break
    case .end:
      guard let request else { return }
      self.request = nil
      answer(request, context)
    }
  }

  private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
    guard request.method == .GET || request.method == .HEAD else {
      return respond(.methodNotAllowed, "only GET and HEAD\n", to: request, context)
    }
    switch request.uri.split(separator: "?", maxSplits: 1).first {
    case "/metrics": respond(.ok, DaemonMetrics(context: daemon).text, to: request, context)
    case "/livez": respond(.ok, "ok\n", to: request, context)
    case "/readyz":
      if daemon.engine.isWritable {
        respond(.ok, "ok\n", to: request, context)
      } else {
        respond(
          .serviceUnavailable, "the ledger cannot be written: changes are refused\n", to: request,
          context)
      }
    default:
      respond(
        .notFound, "there are /metrics, /livez and /readyz\n", to: request, context)
    }
  }

  private func respond(
    _ status: HTTPResponseStatus, _ text: String, to request: HTTPRequestHead,
    _ context: ChannelHandlerContext
  ) {
    let headers: HTTPHeaders = [
      "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
      "Content-Length": "\(text.utf8.count)",
    ]
    let head = HTTPResponseHead(version: request.version, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if request.method != .HEAD {
      let body = context.channel.allocator.buffer(string: text)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    if !request.isKeepAlive { context.close(promise: nil) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent { return context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
