import FaultKit
import Glibc
import IPLedgerAsyncClient
import IPLedgerClient
import Testing

/// The test kit has a type of that name too.
private typealias JSON = IPLedgerClient.JSON

/// The client against a real daemon.
@Suite struct AsyncClientTests {
  private static let limit = Duration.seconds(30)

  private func client(
    _ daemon: DaemonProcess, _ change: (inout ClientOptions) -> Void = { _ in }
  ) throws -> AsyncClient {
    var options = ClientOptions()
    options.backoff.longest = .milliseconds(100)
    change(&options)
    return try AsyncClient(to: .unix(path: daemon.socketPath), options)
  }

  private static func pod(_ number: Int) -> JSON {
    ["node": "n", "namespace": "default", "name": .string("web-\(number)")]
  }

  /// Reserves pods, all at once, and says what each was given.
  private func reserve(_ numbers: Range<Int>, _ client: AsyncClient) async throws -> [JSON] {
    try await withThrowingTaskGroup(of: JSON.self) { group in
      for number in numbers {
        group.addTask {
          try await client.call("pod.reserve", Self.pod(number), within: Self.limit)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  @Test func `many calls share one connection`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    _ = try await client.call("node.register", ["name": "n"], within: Self.limit)
    let pods = try await reserve(0..<200, client)
    #expect(Set(pods.compactMap { $0["podIP"]?.string }).count == 200)
    #expect(pods.allSatisfy { $0["existing"]?.bool == false })
  }

  @Test func `a daemon that is killed in the middle costs no call and no address`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    _ = try await client.call("node.register", ["name": "n"], within: Self.limit)
    async let pods = reserve(0..<200, client)
    try await daemon.killed()
    let second = try await daemon.startedAgain()
    #expect(Set(try await pods.compactMap { $0["podIP"]?.string }).count == 200)
    let held = try await client.call("pod.list", ["limit": 1_000], within: Self.limit)
    #expect(held["items"]?.array?.count == 200)
    withExtendedLifetime(second) {}
  }

  @Test func `a refusal names the fields`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    let error = await #expect(throws: ClientError.self) {
      try await client.call("pod.reserve", ["nod": "n"], within: Self.limit)
    }
    guard case .refused(let refusal) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(refusal.causes.map(\.field).contains("nod"))
  }

  @Test func `a daemon that does not answer is given up in time, and asked again later`()
    async throws
  {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    _ = try await client.call("server.ping", within: Self.limit)
    try await daemon.paused()
    await #expect(throws: ClientError.timedOut) {
      try await client.call("server.ping", within: .milliseconds(50))
    }
    daemon.child.signal(SIGCONT)
    #expect(try await client.call("server.ping", within: Self.limit) == [:])
  }

  @Test func `a connection that stays silent is given up for a new one`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon) { $0.silence = .milliseconds(20) }
    _ = try await client.call("server.ping", within: Self.limit)
    try await daemon.paused()
    async let patient = client.call("server.ping", within: Self.limit)
    await #expect(throws: ClientError.timedOut) {
      try await client.call("server.ping", within: .milliseconds(50))
    }
    daemon.child.signal(SIGCONT)
    #expect(try await patient == [:])
  }

  @Test func `a cancelled task waits no longer, and the client goes on`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    _ = try await client.call("server.ping", within: Self.limit)
    try await daemon.paused()
    let task = Task { try await client.call("server.ping", within: Self.limit) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    daemon.child.signal(SIGCONT)
    #expect(try await client.call("server.ping", within: Self.limit) == [:])
  }

  @Test func `nobody at the address is said when the time is over, or at once`() async throws {
    let folder = try TemporaryFolder()
    let address = ServerAddress.unix(path: folder.file("none"))
    let missing = ClientError.unreachable(address, cause: "there is no such socket")
    let patient = try AsyncClient(to: address)
    await #expect(throws: missing) {
      try await patient.call("server.ping", within: .milliseconds(100))
    }
    var options = ClientOptions()
    options.waitsForServer = false
    let hasty = try AsyncClient(to: address, options)
    await #expect(throws: missing) { try await hasty.call("server.ping", within: .seconds(3_600)) }
  }

  @Test func `a call waits for a daemon that starts later`() async throws {
    let folder = try TemporaryFolder()
    var options = ClientOptions()
    options.backoff.longest = .milliseconds(50)
    let client = try AsyncClient(to: .unix(path: folder.file("s.sock")), options)
    async let answer = client.call("server.ping", within: Self.limit)
    let daemon = try await DaemonProcess.started(in: folder)
    #expect(try await answer == [:])
    withExtendedLifetime(daemon) {}
  }

  @Test func `the deadline is the daemon's too`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    let error = await #expect(throws: ClientError.self) {
      try await client.call(
        "node.register", ["name": "n", "deadline": "2020-01-01T00:00:00Z"], within: Self.limit)
    }
    guard case .refused(let refusal) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(refusal.reason == "DeadlineExceeded")
  }

  @Test func `a closed client says so`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    client.close()
    await #expect(throws: ClientError.self) {
      try await client.call("server.ping", within: Self.limit)
    }
  }

  @Test(arguments: ["ledger.watch", "ledger.unwatch"])
  func `a watch is no call`(method: String) async throws {
    let client = try AsyncClient(to: .standard)
    await #expect(throws: ClientError.self) { try await client.call(method, within: .seconds(1)) }
  }
}
