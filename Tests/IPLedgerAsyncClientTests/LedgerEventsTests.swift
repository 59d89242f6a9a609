import FaultKit
import Glibc
import IPLedgerAsyncClient
import IPLedgerClient
import Testing

/// Watches of a real daemon.
@Suite struct LedgerEventsTests {
  private static let limit = Duration.seconds(30)

  private func client(
    _ daemon: DaemonProcess, _ change: (inout ClientOptions) -> Void = { _ in }
  ) throws -> AsyncClient {
    var options = ClientOptions()
    options.backoff.longest = .milliseconds(100)
    change(&options)
    return try AsyncClient(to: .unix(path: daemon.socketPath), options)
  }

  private func register(_ numbers: ClosedRange<Int>, _ client: AsyncClient) async throws {
    for number in numbers { _ = try await client.registerNode("n\(number)", within: Self.limit) }
  }

  @Test func `no event is lost or repeated across a crash of the daemon`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    try await register(1...20, client)
    var events = client.watch(after: 0).makeAsyncIterator()
    var names: [String?] = []
    for _ in 0..<10 { names.append(try await events.next()?.object["name"]?.string) }
    try await daemon.killed()
    let second = try await daemon.startedAgain()
    try await register(21...30, client)
    for _ in 0..<20 { names.append(try await events.next()?.object["name"]?.string) }
    #expect(names == (1...30).map { "n\($0)" })
    withExtendedLifetime(second) {}
  }

  @Test func `one who is slow misses nothing, and holds up nobody`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    _ = try await client.registerNode("n", within: Self.limit)
    var events = client.watch(after: 0).makeAsyncIterator()
    #expect(try await events.next()?.revision == 1)
    for number in 0..<200 {
      _ = try await client.reservePod(
        PodRequest(node: "n", namespace: "default", name: "p\(number)"), within: Self.limit)
    }
    for revision in 2...201 { #expect(try await events.next()?.revision == Int64(revision)) }
  }

  @Test func `what is no longer kept is an error`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    try await register(1...5, client)
    _ = try await client.call("ledger.compact", ["before": 4], within: Self.limit)
    let error = await #expect(throws: ClientError.self) {
      for try await _ in client.watch(after: 1) {}
    }
    guard case .refused(let refusal) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(refusal.reason == "Compacted")
  }

  @Test func `a cancelled task leaves its watch`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    try await register(1...1, client)
    let (seen, sight) = AsyncStream.makeStream(of: Int64.self)
    let task = Task {
      for try await event in client.watch(after: 0) { sight.yield(event.revision) }
    }
    for await revision in seen {
      #expect(revision == 1)
      break
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `a daemon that does not begin to watch is asked again`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon) { $0.connectTimeout = .milliseconds(50) }
    try await register(1...1, client)
    try await daemon.paused()
    let task = Task {
      var events = client.watch(after: 0).makeAsyncIterator()
      return try await events.next()?.revision
    }
    // Longer than one try takes.
    await #expect(throws: ClientError.timedOut) {
      try await client.call("server.ping", within: .milliseconds(200))
    }
    daemon.child.signal(SIGCONT)
    #expect(try await task.value == 1)
  }

  @Test func `a filter is the daemon's to apply`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    try await register(1...2, client)
    _ = try await client.reservePod(
      PodRequest(node: "n2", namespace: "default", name: "p"), within: Self.limit)
    var events = client.watch(after: 0, LedgerFilter(kinds: ["Pod"])).makeAsyncIterator()
    let event = try await events.next()
    #expect(event?.kind == "Pod")
    #expect(event?.revision == 3)
  }

  @Test func `a watch over TLS pulls its lines, too`() async throws {
    let certificates = try Certificates()
    try certificates.sign("reader", subject: "reader", by: "ca")
    let port = try StreamSocket.freePort()
    let daemon = try await DaemonProcess.started(
      .dual.with {
        $0.flags = ["--listen", "tls:127.0.0.1:\(port)"]
        $0.yaml = """
          tls:
            certificate: \(certificates.path("server"))
            key: \(certificates.key("server"))
            clientCA: \(certificates.path("ca"))
          access:
            - {certificate: "reader", role: admin}
          """
      })
    let tls = ClientTLS(
      authority: certificates.path("ca"), certificate: certificates.path("reader"),
      key: certificates.key("reader"), serverName: "ipledger")
    let client = try AsyncClient(
      to: ServerAddress("tls:127.0.0.1:\(port)"), ClientOptions(tls: tls))
    try await register(1...50, client)
    var events = client.watch(after: 0).makeAsyncIterator()
    for revision in 1...50 { #expect(try await events.next()?.revision == Int64(revision)) }
    withExtendedLifetime(daemon) {}
  }
}
