import FaultKit
import Glibc
import IPLedgerClient
import Testing

/// The test kit has a type of that name too.
private typealias JSON = IPLedgerClient.JSON

@Suite struct BlockingClientTests {
  private static let pod: JSON = ["node": "n", "namespace": "default", "name": "web-0"]

  private func client(_ daemon: DaemonProcess) throws -> BlockingClient {
    try BlockingClient(to: .unix(path: daemon.socketPath), within: .seconds(10))
  }

  @Test func `a call is answered, and a repeat answers the same`() throws {
    let daemon = try DaemonProcess.start()
    let client = try client(daemon)
    _ = try client.call("node.register", ["name": "n"], within: .seconds(10))
    let first = try client.call("pod.reserve", Self.pod, within: .seconds(10))
    let second = try client.call("pod.reserve", Self.pod, within: .seconds(10))
    #expect(first["podIPs"]?.strings.count == 2)
    #expect(first["podIPs"] == second["podIPs"])
    #expect(first["existing"]?.bool == false)
    #expect(second["existing"]?.bool == true)
  }

  @Test func `a refusal names the fields, and the connection goes on`() throws {
    let daemon = try DaemonProcess.start()
    let client = try client(daemon)
    let error = #expect(throws: ClientError.self) {
      try client.call("pod.reserve", ["nod": "n"], within: .seconds(10))
    }
    guard case .refused(let refusal) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(refusal.reason == "InvalidParams")
    #expect(refusal.code == -32602)
    #expect(refusal.causes.map(\.field).contains("nod"))
    #expect(!refusal.isRetryable)
    #expect(try client.call("server.ping", within: .seconds(10)) == [:])
  }

  @Test func `one method many times is one line, and the results keep their order`() throws {
    let daemon = try DaemonProcess.start(.dual.with { $0.yaml = "limits: {batch: 300}" })
    let client = try client(daemon)
    let names = (0..<300).map { JSON.string("n\($0)") }
    let nodes = try client.call(
      "node.register", each: names.prefix(200).map { ["name": $0] }, within: .seconds(10))
    #expect(nodes.map { $0["name"] } == names.prefix(200).map { $0 })
    #expect(try client.call("server.ping", each: [], within: .seconds(10)) == [])
    let refused = #expect(throws: ClientError.self) {
      try client.call("node.get", each: names.map { ["name": $0] }, within: .seconds(10))
    }
    #expect(refused.map { "\($0)" }?.hasPrefix("NotFound") == true)
    let tooMany = #expect(throws: ClientError.self) {
      try client.call("node.get", each: (names + names).map { ["name": $0] }, within: .seconds(10))
    }
    #expect(tooMany.map { "\($0)" }?.hasPrefix("InvalidRequest") == true)
    #expect(try client.call("node.get", ["name": "n7"], within: .seconds(10))["name"] == "n7")
  }

  @Test func `nobody at the address is said to be so`() throws {
    let folder = try TemporaryFolder()
    let address = ServerAddress.unix(path: folder.file("none"))
    let error = #expect(throws: ClientError.self) {
      try BlockingClient(to: address, within: .seconds(1))
    }
    #expect(error == .unreachable(address, cause: "there is no such socket"))
  }

  @Test(arguments: ["tls:127.0.0.1:1", "tcp:db.example:1"])
  func `what this client cannot do is said before anything is tried`(address: String) throws {
    let address = try ServerAddress(address)
    let error = #expect(throws: ClientError.self) {
      try BlockingClient(to: address, within: .seconds(1))
    }
    guard case .notSupported(let what) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(what.contains(address.description))
  }

  @Test(arguments: ["tcp:127.0.0.1", "tcp:[::1]", "tcp:localhost"])
  func `TCP is spoken over both families`(host: String) throws {
    let port = try StreamSocket.freePort()
    let listen = host == "tcp:[::1]" ? "tcp:[::1]:\(port)" : "tcp:127.0.0.1:\(port)"
    let daemon = try DaemonProcess.start(.dual.with { $0.flags = ["--listen", listen] })
    let client = try BlockingClient(to: ServerAddress("\(host):\(port)"), within: .seconds(10))
    #expect(try client.call("server.info", within: .seconds(10))["role"]?.string == "reader")
    withExtendedLifetime(daemon) {}
  }

  @Test func `a daemon that stops loses the connection, and says so`() throws {
    let daemon = try DaemonProcess.start()
    let client = try client(daemon)
    _ = try client.call("server.ping", within: .seconds(10))
    try daemon.kill()
    let error = #expect(throws: ClientError.self) {
      try client.call("server.ping", within: .seconds(10))
    }
    guard case .connectionLost = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.isRetryable == true)
  }

  @Test func `a daemon that does not answer is given up in time`() throws {
    let daemon = try DaemonProcess.start()
    let client = try client(daemon)
    _ = try client.call("server.ping", within: .seconds(10))
    try daemon.pause()
    defer { daemon.child.signal(SIGCONT) }
    #expect(throws: ClientError.timedOut) {
      try client.call("server.ping", within: .milliseconds(50))
    }
  }

  @Test func `events come between answers, and none is lost`() throws {
    let daemon = try DaemonProcess.start()
    let client = try client(daemon)
    _ = try client.call("ledger.watch", within: .seconds(10))
    for number in 0..<20 {
      _ = try client.call("node.register", ["name": .string("n\(number)")], within: .seconds(10))
    }
    for number in 0..<20 {
      let event = try client.notification(within: .seconds(10))
      #expect(event?["params"]?["object"]?["name"]?.string == "n\(number)")
    }
    #expect(try client.notification(within: .milliseconds(10)) == nil)
  }

  @Test func `an answer of many pieces is put together`() throws {
    let daemon = try DaemonProcess.start()
    let client = try client(daemon)
    let document = try client.call("rpc.discover", within: .seconds(10))
    #expect(document["openrpc"]?.string != nil)
    #expect(document.bytes.count > 65_536)
  }
}
