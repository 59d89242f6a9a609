internal import Glibc
package import NIOCore
package import NIOPosix

/// Serves lines on listening sockets, with one handler per event loop.
///
/// ```swift
/// let sockets = try [ListeningSocket.open(.unix(path: "/run/ipledger/ipledger.sock"))]
/// let server = try await Server.start(on: group, sockets: sockets) { loop in Lines(on: loop) }
/// …
/// await server.stopAccepting()
/// await server.drain()
/// ```
package final class Server: Sendable {
  package let counters: TransportCounters
  /// Where clients connect to, in the order of the sockets.
  package let names: [String]

  private let limits: TransportLimits
  private let sockets: [ListeningSocket]
  private let listeners: [any Channel]
  private let loops: [NIOLoopBound<LoopConnections>]

  /// Starts to accept on all `sockets`, which belong to the server from now on.
  ///
  /// `makeHandler` is called once on each event loop. Connections go to the loops in turn.
  package static func start(
    on group: MultiThreadedEventLoopGroup, sockets: [ListeningSocket],
    limits: TransportLimits = TransportLimits(), events: TransportEvents = TransportEvents(),
    tls: TLSIdentity? = nil,
    makeHandler: @escaping @Sendable (any EventLoop) -> any LineHandler
  ) async throws(ListenError) -> Server {
    let counters = TransportCounters()
    let peers = PeerCounts()
    for socket in sockets where socket.isTLS && tls == nil {
      for socket in sockets { socket.close() }
      throw .refused(name: socket.name, reason: "no certificate is configured for it")
    }
    let loops = await makeLoops(group) { loop in
      LoopConnections(
        eventLoop: loop, handler: makeHandler(loop), limits: limits, counters: counters,
        peers: peers, events: events)
    }
    let acceptor = Acceptor(
      group: group, loops: loops, limits: limits, counters: counters, events: events, tls: tls)
    var listeners: [any Channel] = []
    for socket in sockets {
      do {
        listeners.append(try await acceptor.listen(on: socket))
      } catch {
        for listener in listeners { try? await listener.close() }
        for socket in sockets { socket.file?.remove() }
        throw error
      }
    }
    return Server(
      sockets: sockets, listeners: listeners, loops: loops, counters: counters, limits: limits)
  }

  private init(
    sockets: [ListeningSocket], listeners: [any Channel], loops: [NIOLoopBound<LoopConnections>],
    counters: TransportCounters, limits: TransportLimits
  ) {
    self.limits = limits
    self.sockets = sockets
    self.listeners = listeners
    self.loops = loops
    self.counters = counters
    names = sockets.map(\.name)
  }

  /// Takes no more connections.
  ///
  /// Those that wait in an inherited socket stay there for the next process. Those that wait in an
  /// own one are taken: nobody else ever will. Its file goes first, so that others see that nobody
  /// is there.
  package func stopAccepting() async {
    for socket in sockets { socket.file?.remove() }
    let limit = NIODeadline.now() + limits.acceptGrace
    for (socket, listener) in zip(sockets, listeners) {
      let closed = listener.eventLoop.makePromise(of: Void.self)
      listener.eventLoop.execute { [self] in
        // Fails on a closed listener only, from which nothing is read.
        if socket.isInherited { try? listener.syncOptions?.setOption(.autoRead, value: false) }
        close(listener, of: socket, by: limit, closed)
      }
      // Closing fails only for a listener that is closed.
      try? await closed.futureResult.get()
    }
  }

  /// Closes a listener once everybody it has accepted is on their loop: until then the connection
  /// would end with the listener.
  private func close(
    _ listener: any Channel, of socket: ListeningSocket, by limit: NIODeadline,
    _ closed: EventLoopPromise<Void>
  ) {
    let isQuiet = counters.arriving == 0 && (socket.isInherited || !socket.hasWaitingClients)
    guard listener.isActive, !isQuiet, NIODeadline.now() < limit else {
      return listener.close(promise: closed)
    }
    listener.eventLoop.scheduleTask(in: .milliseconds(1)) { [self] in
      close(listener, of: socket, by: limit, closed)
    }
  }

  /// Reads what was sent already, answers all of it, and closes all connections.
  ///
  /// Clients that have not taken their answers after `limit` are closed all the same. It returns
  /// when no connection is left.
  package func drain(atMost limit: TimeAmount = .seconds(5)) async {
    let drained = loops.map { bound in
      bound.eventLoop.flatSubmit { () -> EventLoopFuture<Void> in
        let future = bound.value.drain()
        let alarm = bound.eventLoop.scheduleTask(in: limit) { bound.value.evictAll() }
        future.whenComplete { _ in alarm.cancel() }
        return future
      }
    }
    // A future of these fails only when the loops have been shut down: nothing is left then.
    for future in drained { try? await future.get() }
  }

  private static func makeLoops(
    _ group: MultiThreadedEventLoopGroup,
    _ make: @escaping @Sendable (any EventLoop) -> LoopConnections
  ) async -> [NIOLoopBound<LoopConnections>] {
    var loops: [NIOLoopBound<LoopConnections>] = []
    for loop in group.makeIterator() {
      let bound = loop.submit { NIOLoopBound(make(loop), eventLoop: loop) }
      // It fails only on a group that has been shut down, where no socket can be served either.
      if let bound = try? await bound.get() { loops.append(bound) }
    }
    return loops
  }
}
