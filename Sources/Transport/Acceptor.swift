internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Gives the connections of listening sockets to the event loops in turn.
struct Acceptor {
  /// Received in one turn at most this many times; each time up to the largest buffer.
  private static let readsPerTurn: UInt = 4
  /// Buffers grow to the largest for a client that fills them and shrink for one that does not.
  private static let buffers = AdaptiveRecvByteBufferAllocator(
    minimum: 1_024, initial: 4_096, maximum: 65_536)
  /// What the kernel keeps of a TCP client that is not read from.
  ///
  /// Left alone it grows to megabytes, which all come in at once when the client ends its side.
  private static let receiveBuffer: ChannelOptions.Types.SocketOption.Value = 262_144

  let group: MultiThreadedEventLoopGroup
  let loops: [NIOLoopBound<LoopConnections>]
  let limits: TransportLimits
  let counters: TransportCounters
  let events: TransportEvents
  let tls: TLSIdentity?

  func listen(on socket: ListeningSocket) async throws(ListenError) -> any Channel {
    do {
      let listener = try await bootstrap(isTCP: socket.isTCP, tls: socket.isTLS ? tls : nil)
        .withBoundSocket(socket.descriptor).get()
      // The channel has listened anew, with a shorter queue.
      _ = Glibc.listen(socket.descriptor, ListeningSocket.backlog)
      return listener
    } catch {
      throw .refused(name: socket.name, reason: "\(error)")
    }
  }

  private func bootstrap(isTCP: Bool, tls: TLSIdentity?) -> ServerBootstrap {
    let byLoop = Dictionary(
      uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
    let (pause, counters, events) = (limits.acceptPause, counters, events)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.maxMessagesPerRead, value: 64)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            AcceptGate(pause: pause, counters: counters, events: events))
        }
      }
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let loop = byLoop[ObjectIdentifier(channel.eventLoop)] else {
            preconditionFailure("a connection runs on a loop of the group that was given")
          }
          let pipeline = channel.pipeline.syncOperations
          if let tls { try pipeline.addHandler(tls.makeHandler()) }
          try pipeline.addHandler(ConnectionHandler(loop: loop.value, isSecure: tls != nil))
        }
      }
      .childChannelOption(.autoRead, value: false)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.maxMessagesPerRead, value: Self.readsPerTurn)
      .childChannelOption(.recvAllocator, value: Self.buffers)
    guard isTCP else { return bootstrap }
    return
      bootstrap
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      // A watcher may be silent for ever: the kernel finds out when its machine is gone.
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelOption(.socketOption(.so_rcvbuf), value: Self.receiveBuffer)
  }
}
