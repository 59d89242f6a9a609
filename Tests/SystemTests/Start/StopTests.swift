import FaultKit
import Foundation
import Testing

/// A stop while clients wait: whoever was sent for is answered.
@Suite(.ownThreads) struct StopTests {
  @Test func `clients that wait to be accepted at a stop are answered`() throws {
    let daemon = try DaemonProcess.start()
    daemon.child.signal(SIGSTOP)
    let clients = try (0..<200).map { _ in try daemon.client() }
    let ids = try clients.map { try $0.begin("server.ping") }
    daemon.child.signal(SIGTERM)
    daemon.child.signal(SIGCONT)
    for (client, id) in zip(clients, ids) {
      #expect(try client.answer(to: id).result == [:])
      try client.expectEnd()
    }
    #expect(try daemon.child.waitForExit() == .exited(0))
  }

  @Test func `what was sent just before a stop is answered`() throws {
    let daemon = try DaemonProcess.start()
    let clients = try (0..<50).map { _ in try daemon.client() }
    for client in clients { _ = try client.request("server.ping") }
    daemon.child.signal(SIGSTOP)
    let ids = try clients.enumerated().map { number, client in
      try client.begin(
        "service.reserve",
        [
          "namespace": "d", "name": .string("s\(number)"),
          "spec": ["type": "ClusterIP", "selector": ["app": "a"]],
        ])
    }
    daemon.child.signal(SIGTERM)
    daemon.child.signal(SIGCONT)
    for (client, id) in zip(clients, ids) {
      let answer = try client.answer(to: id)
      #expect(answer.result != nil, "\(answer)")
    }
    #expect(try daemon.child.waitForExit() == .exited(0))
    let again = try daemon.startAgain()
    #expect(try again.client().all("service.list").count == 50)
  }

  @Test func `every descriptor is closed in programs that are started from the daemon`() throws {
    let port = try StreamSocket.freePort()
    let folder = try TemporaryFolder()
    let inherited = folder.file("inherited.sock")
    let setup = DaemonSetup.dual.with {
      $0.wrapper = ["/usr/bin/systemd-socket-activate", "-l", inherited]
      $0.flags = ["--listen", "tcp:127.0.0.1:\(port)", "--metrics-listen", "tcp:127.0.0.1:0"]
    }
    let daemon = try DaemonProcess.launch(setup, in: folder)
    try daemon.child.waitForErrorLine("Listening") { $0.contains(inherited) }
    let clients = [
      try LineClient(unix: inherited, of: daemon), try daemon.eventualClient(),
      try LineClient(tcp: "127.0.0.1", port: port, of: daemon),
    ]
    for client in clients { _ = try client.request("server.ping") }
    _ = try clients[0].request("ip.history", ["ip": "10.244.0.2"])
    // Those of the event loops show nothing to whoever has them.
    let loops: Set = ["anon_inode:[eventpoll]", "/dev/null"]
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(daemon.pid)/fd")
      .compactMap { Int32($0) }.filter { $0 > 2 }
    #expect(open.count > 10)
    for descriptor in open {
      guard let path = daemon.openPath(descriptor), !loops.contains(path), !path.hasPrefix("pipe"),
        let flags = daemon.openFlags(descriptor)
      else { continue }
      #expect(flags & 0o2_000_000 != 0, "\(path)")
    }
  }
}

extension DaemonProcess {
  /// Once it serves: the first client starts it.
  fileprivate func eventualClient() throws -> LineClient {
    try waitUntilReady()
    return try client()
  }

  /// The flags of an open file, as `open` takes them; nil when it is closed by now.
  fileprivate func openFlags(_ descriptor: Int32) -> UInt32? {
    let path = "/proc/\(pid)/fdinfo/\(descriptor)"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix("flags:") }
    return line?.split(whereSeparator: \.isWhitespace).last.flatMap { UInt32($0, radix: 8) }
  }

  fileprivate func openPath(_ descriptor: Int32) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(descriptor)")
  }
}
