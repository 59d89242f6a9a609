import NIOCore
import NIOPosix
import Synchronization
import Transport

/// A server with `EchoLines` on a socket of its own.
final class TestServer: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case unix
    case tcp
  }

  let server: Server
  let log: EchoLines.Log
  private let handlers: Handlers
  private let group: MultiThreadedEventLoopGroup
  private let folder: Folder

  var name: String { server.names.first ?? "" }
  var counters: TransportCounters { server.counters }

  /// Runs `body` with a server, and ends it.
  static func with<Value>(
    _ kind: Kind = .unix, threads: Int = 1, limits: TransportLimits = TransportLimits(),
    events: TransportEvents = TransportEvents(),
    _ body: (TestServer) async throws -> Value
  ) async throws -> Value {
    let server = try await TestServer(kind, threads, limits, events)
    do {
      let value = try await body(server)
      try await server.stop()
      return value
    } catch {
      try await server.stop()
      throw error
    }
  }

  /// Passes held lines and commits what is due from now on, without a connection.
  func release() async throws {
    for handler in handlers.all {
      try await handler.eventLoop.submit { handler.value.release() }.get()
    }
  }

  func client() throws -> Client { try Client(name) }

  private init(
    _ kind: Kind, _ threads: Int, _ limits: TransportLimits, _ events: TransportEvents
  ) async throws {
    folder = try Folder()
    group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    let endpoint: Endpoint =
      kind == .unix ? .unix(path: folder.file("s")) : .tcp(host: "127.0.0.1", port: 0)
    let log = EchoLines.Log()
    let handlers = Handlers()
    self.log = log
    self.handlers = handlers
    server = try await Server.start(
      on: group, sockets: [ListeningSocket.open(endpoint)], limits: limits, events: events
    ) { loop in handlers.add(EchoLines(log: log), on: loop) }
  }

  private func stop() async throws {
    await server.stopAccepting()
    await server.drain(atMost: .milliseconds(100))
    try await group.shutdownGracefully()
  }
}

/// The handlers of a server's loops.
private final class Handlers: Sendable {
  private let bound = Mutex<[NIOLoopBound<EchoLines>]>([])
  var all: [NIOLoopBound<EchoLines>] { bound.withLock { $0 } }

  func add(_ handler: EchoLines, on loop: any EventLoop) -> EchoLines {
    let made = NIOLoopBound(handler, eventLoop: loop)
    bound.withLock { $0.append(made) }
    return handler
  }
}

/// Looks every few milliseconds until `condition` holds; false after 20 seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
  for _ in 0..<4_000 {
    if condition() { return true }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return false
}
