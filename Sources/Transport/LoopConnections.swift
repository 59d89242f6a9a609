internal import NIOCore

/// All connections of one event loop, their handler, and the end of each turn.
///
/// A turn is what one wake-up of the loop brings. Its end is a task that the loop runs after all
/// ready sockets: one hand-over of changes and one write per connection, however many lines came.
final class LoopConnections {
  /// How far a stop has come; each phase takes less from clients than the one before.
  enum StopPhase {
    case serving
    /// Whoever has asked nothing yet may do so; what was sent is read.
    case askingFirst
    /// What was sent is read.
    case readingLast
    /// Nothing is read.
    case draining
  }

  let eventLoop: any EventLoop
  let handler: any LineHandler
  let limits: TransportLimits
  let bounds: ConnectionState.Bounds
  let counters: TransportCounters
  private let peers: PeerCounts
  let events: TransportEvents

  private var connections: [Connection] = []
  /// Those that the end of this turn looks at, and room for those of the turn that is ending.
  private var touched: [Connection] = []
  private var ending: [Connection] = []
  private var isTurnOpen = false
  /// Those whose slice of time was over before their lines were.
  private var postponed: [Connection] = []
  /// Those that wait for their client: the sweep runs only while there are any.
  private var watched: [Connection] = []
  private var isSweepDue = false
  private(set) var stop = StopPhase.serving
  /// Clients under TLS of which it is not known yet who they are.
  var handshakes = 0 { didSet { finishIfEmpty() } }
  private var emptied: EventLoopPromise<Void>?

  init(
    eventLoop: any EventLoop, handler: any LineHandler, limits: TransportLimits,
    counters: TransportCounters, peers: PeerCounts, events: TransportEvents
  ) {
    self.eventLoop = eventLoop
    self.handler = handler
    self.limits = limits
    self.counters = counters
    self.peers = peers
    self.events = events
    bounds = .init(unsentBytes: limits.unsentBytes, dueAnswers: limits.dueAnswers)
  }

  /// The connection on a socket that has just been accepted; nil when nobody is there any more.
  ///
  /// - Parameter names: what the certificate of a client under TLS says; nil: there is no TLS.
  func open(
    descriptor: Int32, names: [String]?, channel: ChannelHandlerContext
  ) -> Connection? {
    guard stop != .draining, let peer = Peer(descriptor: descriptor, certificate: names) else {
      return nil
    }
    // Under TLS everything goes through the channel.
    let connection = Connection(
      id: counters.opened(), peer: peer, descriptor: names == nil ? descriptor : -1,
      channel: channel, loop: self)
    connection.position = connections.count
    connections.append(connection)
    handler.opened(connection)
    connection.isCounted = peers.enter(peer.host, atMost: limits.connectionsPerPeer)
    if !connection.isCounted { refuse(connection) }
    touch(connection)
    return connection
  }

  /// The peer has as many connections as it may: it is told so, and this one ends.
  private func refuse(_ connection: Connection) {
    counters.refused()
    events.evicted(connection.peer, .tooManyConnections)
    handler.refused(connection)
    connection.drain()
  }

  func remove(_ connection: Connection) {
    if connection.isCounted { peers.leave(connection.peer.host) }
    let last = connections.removeLast()
    if last !== connection {
      connections[connection.position] = last
      last.position = connection.position
    }
    counters.closed()
    handler.closed(connection)
    finishIfEmpty()
  }

  // MARK: The end of a turn

  /// Has the end of this turn look at the connection.
  func touch(_ connection: Connection) {
    guard !connection.isTouched else { return }
    connection.isTouched = true
    touched.append(connection)
    guard !isTurnOpen else { return }
    isTurnOpen = true
    eventLoop.assumeIsolatedUnsafeUnchecked().execute { self.endTurn() }
  }

  /// Goes on with the connection's lines once the loop has looked at all other sockets.
  func postpone(_ connection: Connection) {
    postponed.append(connection)
    guard postponed.count == 1 else { return }
    // A task for now would run before the loop looks at its sockets again.
    eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: .microseconds(20)) { [self] in
      let waiting = postponed
      postponed.removeAll(keepingCapacity: true)
      for connection in waiting { touch(connection) }
    }
  }

  private func endTurn() {
    isTurnOpen = false
    swap(&touched, &ending)
    for connection in ending {
      connection.isTouched = false
      connection.offerLines()
    }
    handler.turnEnded()
    // What is touched from here on is for the next turn, which this very wake-up still runs.
    for connection in ending { connection.settle() }
    ending.removeAll(keepingCapacity: true)
  }

  // MARK: Clients that owe something

  func watch(_ connection: Connection) {
    guard !connection.isWatched else { return }
    connection.isWatched = true
    _ = connection.isOverdue(at: .now())
    watched.append(connection)
    scheduleSweep()
  }

  private func scheduleSweep() {
    guard !isSweepDue else { return }
    isSweepDue = true
    let shortest = min(limits.writeTimeout, limits.lineTimeout, limits.idleTimeout ?? .hours(1))
    let period = TimeAmount.nanoseconds(max(1_000_000, shortest.nanoseconds / 4))
    eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: period) { self.sweep() }
  }

  private func sweep() {
    isSweepDue = false
    let now = NIODeadline.now()
    let looked = watched
    watched.removeAll(keepingCapacity: true)
    for connection in looked {
      guard !connection.state.isClosed, let reason = connection.stallReason else {
        connection.isWatched = false
        continue
      }
      if connection.isOverdue(at: now) {
        evict(connection, reason)
      } else {
        watched.append(connection)
      }
    }
    if !watched.isEmpty { scheduleSweep() }
  }

  private func evict(_ connection: Connection, _ reason: TransportEvents.Eviction) {
    counters.evicted()
    events.evicted(connection.peer, reason)
    connection.close()
  }

  // MARK: Draining

  /// Reads what clients have sent, answers it, closes; complete when all connections are closed.
  ///
  /// Connections on which nothing was ever asked have a short time to begin: their clients saw them
  /// succeed, and may be about to write.
  func drain() -> EventLoopFuture<Void> {
    let promise = emptied ?? eventLoop.makePromise(of: Void.self)
    emptied = promise
    guard stop == .serving else {
      finishIfEmpty()
      return promise.futureResult
    }
    enter(.askingFirst)
    let scheduling = eventLoop.assumeIsolatedUnsafeUnchecked()
    scheduling.scheduleTask(in: limits.stopGrace) { self.enter(.readingLast) }
    scheduling.scheduleTask(in: limits.stopGrace + limits.lastInput) { self.enter(.draining) }
    return promise.futureResult
  }

  private func enter(_ phase: StopPhase) {
    stop = phase
    for connection in connections { connection.drainIfQuiet() }
    finishIfEmpty()
  }

  /// Ends what draining has left over.
  func evictAll() {
    for connection in connections { evict(connection, .stopping) }
  }

  private func finishIfEmpty() {
    guard stop != .serving, connections.isEmpty, handshakes == 0 || stop == .draining else {
      return
    }
    emptied?.succeed()
    emptied = nil
  }
}
