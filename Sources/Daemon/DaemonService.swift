import Allocation
import Glibc
import LineProtocol
import Logging
import NIOCore
import NIOPosix
import SQLiteLedger
import ServiceLifecycle
import Synchronization
import Transport

/// Serves the core on its sockets until it is told to stop.
final class DaemonService: Service {
  private let core: DaemonCore
  private let inherited: [ListeningSocket]
  private let tls: TLSIdentity?
  private let reloads: ConfigurationReloads
  private let failure = Failure()
  private let notifier = SystemdNotifier()

  init(
    core: DaemonCore, inherited: [ListeningSocket], tls: TLSIdentity?,
    reloads: ConfigurationReloads
  ) {
    self.core = core
    self.inherited = inherited
    self.tls = tls
    self.reloads = reloads
  }

  private var log: Logger { core.log }

  func run() async throws {
    let writer = makeWriter()
    let context = DaemonContext(
      configuration: core.configuration, engine: core.engine, writer: writer, ledger: core.ledger,
      commits: core.commits, log: core.log)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: Self.loopCount)
    let server = try await start(on: group, context)
    context.counters = server.counters
    for name in server.names { log.info("listening", metadata: ["address": "\(name)"]) }
    let metrics = try await startMetrics(on: group, context)
    let watchdog = startWatchdog(on: group.next(), writer)
    writer.start()
    let retention = Retention.start(on: group.next(), context)
    let keeper = LeaseKeeper(engine: core.engine, writer: writer)
    keeper.start()
    notifier.ready()
    reloads.begin { [context, tls] configuration in context.take(configuration, tls) }
    StandardError.writeLine("ready")
    await withGracefulShutdownHandler {
      await failure.wait()
    } onGracefulShutdown: {
      self.failure.release()
    }
    watchdog?.cancel()
    retention?.cancel()
    notifier.stopping()
    await metrics.stop()
    await server.stopAccepting()
    if failure.isSet {
      await server.drain(atMost: .seconds(1))
      // Closing the ledger would copy what may not be on disk: the next start decides about it.
      _exit(ExitStatus.ioError)
    }
    await server.drain()
    keeper.stop()
    core.engine.shutDown()
    context.readings.close()
    context.copies.close()
    writer.close()
    try await group.shutdownGracefully()
    log.info("stopped", metadata: ["revision": "\(core.ledger.newestRevision)"])
  }

  /// One a processor: the writer waits for the disk most of the time, and whoever asks for much on
  /// one loop leaves the others to the rest.
  private static var loopCount: Int { max(1, min(8, System.coreCount)) }

  private func makeWriter() -> LedgerWriter {
    let (log, failure) = (log, failure)
    return LedgerWriter(
      store: core.ledger, engine: core.engine, statistics: core.commits,
      failed: { cause in
        log.critical(
          "a commit failed half-way: changes may be on disk or not; stopping",
          metadata: ["cause": "\(cause)"])
        failure.set()
      },
      availability: { cause in
        if let cause {
          log.error(
            "the ledger cannot be written: changes are refused until it can",
            metadata: ["cause": "\(cause)"])
        } else {
          log.notice("the ledger can be written again")
        }
      })
  }

  private func start(
    on group: MultiThreadedEventLoopGroup, _ context: DaemonContext
  ) async throws(StartFailure) -> Server {
    let configuration = core.configuration
    let limits = configuration.connections.transportLimits(configuration.limits)
    do throws(ListenError) {
      var sockets = inherited.filter { $0.inheritedName != ListeningSocket.metricsName }
      for endpoint in core.configuration.endpoints { sockets.append(try .open(endpoint)) }
      return try await Server.start(
        on: group, sockets: sockets, limits: limits, events: events, tls: tls
      ) { loop in
        LoopDispatcher(context, on: loop)
      }
    } catch {
      let status =
        if case .taken = error { ExitStatus.unavailable } else { ExitStatus.cannotCreate }
      throw StartFailure(message: error.description, status: status)
    }
  }

  private func startMetrics(
    on group: MultiThreadedEventLoopGroup, _ context: DaemonContext
  ) async throws(StartFailure) -> MetricsServer {
    var sockets = inherited.filter { $0.inheritedName == ListeningSocket.metricsName }
    do {
      if let endpoint = core.configuration.metricsEndpoint { sockets.append(try .open(endpoint)) }
      let server = try await MetricsServer.start(on: group, sockets: sockets, context)
      for socket in sockets { log.info("serving metrics", metadata: ["address": "\(socket.name)"]) }
      return server
    } catch {
      throw StartFailure(
        message: "metrics cannot be served: \(error)", status: ExitStatus.unavailable)
    }
  }

  private var events: TransportEvents {
    let log = log
    var events = TransportEvents()
    events.acceptFailed = { number in
      log.warning("no more connections can be accepted now", metadata: ["errno": "\(number)"])
    }
    events.acceptingAgain = { log.notice("connections are accepted again") }
    events.handshakeFailed = { address, reason in
      log.warning(
        "a TLS handshake failed", metadata: ["peer": "\(address)", "reason": "\(reason)"])
    }
    events.evicted = { peer, reason in
      log.warning(
        "a connection was closed", metadata: ["peer": "\(peer)", "reason": "\(reason)"])
    }
    return events
  }

  /// Proves that the loop and the writer both move, at half the interval that the manager expects.
  private func startWatchdog(on loop: any EventLoop, _ writer: LedgerWriter) -> RepeatedTask? {
    guard let interval = notifier.watchdogIntervalMicroseconds else { return nil }
    let notifier = notifier
    let half = TimeAmount.microseconds(Int64(clamping: interval / 2))
    return loop.scheduleRepeatedTask(initialDelay: half, delay: half) { _ in
      writer.perform { notifier.watchdog() }
    }
  }
}

/// The word that the process must end, and whether because a commit failed.
private final class Failure: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation
  private let failed = Atomic(false)

  init() { (stream, continuation) = AsyncStream.makeStream() }

  var isSet: Bool { failed.load(ordering: .sequentiallyConsistent) }

  func set() {
    failed.store(true, ordering: .sequentiallyConsistent)
    continuation.finish()
  }

  func release() { continuation.finish() }

  func wait() async {
    for await _ in stream {}
  }
}
