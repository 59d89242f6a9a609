import FaultKit
import IPLedgerAsyncClient
import IPLedgerClient
import Testing

/// The examples of the articles: they are the code of this file, which is run.
@Suite struct ArticleTests {
  private static let catalogue = "Sources/IPLedgerClient/IPLedgerClient.docc"

  @Test func `every example of an article is run here`() throws {
    let source = Self.trimmed(
      try Repository.text("Tests/IPLedgerAsyncClientTests/ArticleTests.swift"))
    var count = 0
    for name in try Repository.names(in: Self.catalogue) where name.hasSuffix(".md") {
      let parts = try Repository.text("\(Self.catalogue)/\(name)").split(separator: "```")
      for part in parts where part.hasPrefix("swift\n") {
        count += 1
        let example = Self.trimmed(String(part.dropFirst("swift\n".count)))
        #expect(source.contains(example), "\(name): \(part)")
      }
    }
    #expect(count == 5)
  }

  /// Lines without what stands before and behind them.
  private static func trimmed(_ text: String) -> String {
    text.split(separator: "\n").map { line in
      String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    .joined(separator: "\n")
  }

  @Test func `getting started`() async throws {
    let daemon = try await DaemonProcess.started()
    let address = ServerAddress.unix(path: daemon.socketPath)
    try register(address)
    let client = try AsyncClient(to: address)
    let key = PodKey(namespace: "default", name: "web-0", containerID: "3f9c")
    let request = PodRequest(node: "worker-1", key)
    let pod = try await client.reservePod(request, within: .seconds(5))
    print(pod.podIPs, pod.existing ? "as before" : "new")
    #expect(pod.podIPs.count == 2)
  }

  private func register(_ address: ServerAddress) throws {
    let client = try BlockingClient(to: address, within: .seconds(2))
    let node = try client.call("node.register", ["name": "worker-1"], within: .seconds(5))
    print(node["podCIDRs"]?.strings ?? [])
    #expect(node["podCIDRs"]?.strings.count == 2)
  }

  @Test func `files that are not there are told before anything is sent`() throws {
    let remoteAddress = try ServerAddress("tls:ipledger.example:9470")
    #expect(throws: ClientError.self) {
      var options = ClientOptions(token: "secret")
      options.tls = ClientTLS(authority: "/etc/ipledger/ca.pem", serverName: "ipledger.example")
      let remote = try AsyncClient(to: remoteAddress, options)
      withExtendedLifetime(remote) {}
    }
  }

  @Test func `errors and retries`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try AsyncClient(to: .unix(path: daemon.socketPath))
    let request = PodRequest(node: "none", namespace: "default", name: "web-0")
    do {
      _ = try await client.reservePod(request, within: .seconds(5))
    } catch ClientError.refused(let error) where error.reason == "Exhausted" {
      print("no address is left:", error.message)
    } catch ClientError.refused(let error) {
      for cause in error.causes { print(cause.field, cause.message) }
    } catch ClientError.unreachable(_, let cause) {
      print("nothing was sent:", cause)
    } catch ClientError.timedOut, ClientError.connectionLost {
      print("it may be done or not: the same call again says which")
    }
    withExtendedLifetime(daemon) {}
  }

  @Test func watching() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try AsyncClient(to: .unix(path: daemon.socketPath))
    _ = try await client.registerNode("worker-1", within: .seconds(30))
    let key = PodKey(namespace: "default", name: "web-0")
    // A pod comes and goes until the example has seen it.
    let changes = Task {
      while !Task.isCancelled {
        _ = try await client.reservePod(PodRequest(node: "worker-1", key), within: .seconds(30))
        _ = try await client.releasePod(key, within: .seconds(30))
      }
    }
    defer { changes.cancel() }
    let start = try await client.call("server.info", within: .seconds(5))["revision"]?.int
    var pods = Set(try await client.pods(within: .seconds(5)).compactMap { $0["name"]?.string })
    for try await event in client.watch(after: start, LedgerFilter(kinds: ["Pod"])) {
      guard let name = event.object["name"]?.string else { continue }
      switch event.type {
      case "Reserved", "Updated": pods.insert(name)
      default: pods.remove(name)
      }
      if pods.isEmpty { break }
    }
    #expect(pods.isEmpty)
    withExtendedLifetime(daemon) {}
  }
}
