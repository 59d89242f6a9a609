import FaultKit
import Foundation
import Testing

/// What one client may take from the daemon, as configured.
@Suite(.ownThreads) struct ConnectionLimitTests {
  @Test func `a user has so many connections, is told so, and gets another when one has gone`()
    throws
  {
    let daemon = try DaemonProcess.start(
      .dual.with { $0.flags = ["--limits-connections-per-peer", "3"] })
    let clients = try (0..<3).map { _ in try daemon.client() }
    for client in clients { #expect(try client.request("server.ping").result != nil) }
    let fourth = try daemon.client()
    let refused = Answer(try fourth.readJSON())
    #expect(refused.reason == "Overloaded" && refused.id == .null, "\(refused)")
    let info = try clients[0].request("server.info")
    #expect(info.result?["connectionLimits"]?["connectionsPerPeer"] == 3, "\(info)")
    clients[1].close()
    _ = try eventually("there is room again") {
      let next = try daemon.client()
      return try? next.request("server.ping").result
    }
  }

  @Test func `a half-sent line and an idle connection end in time, and a watch lives on`() throws {
    let daemon = try DaemonProcess.start(
      .dual.with { $0.flags = ["--limits-line-seconds", "1", "--limits-idle-seconds", "2"] })
    let watcher = try daemon.client()
    #expect(try watcher.request("ledger.watch").result?["watch"] == "w1")
    let half = try StreamSocket.connect(unix: daemon.socketPath)
    let idle = try StreamSocket.connect(unix: daemon.socketPath)
    defer {
      close(half)
      close(idle)
    }
    #expect(write(half, "{\"jso", 5) == 5)
    var byte: UInt8 = 0
    let start = Date()
    #expect(read(half, &byte, 1) == 0, "the daemon closes it")
    #expect(read(idle, &byte, 1) == 0, "the daemon closes it")
    #expect(Date().timeIntervalSince(start) >= 0.5)
    for reason in ["unfinishedLine", "idle"] {
      _ = try eventually("the log says \(reason)") { () -> Bool? in
        daemon.child.errorText.contains("reason=\(reason)") ? true : nil
      }
    }
    let other = try daemon.client()
    #expect(try other.request("node.register", ["name": "n"]).result != nil)
    let event = try watcher.readJSON()
    #expect(event["method"] == "ledger.event", "\(event)")
  }
}
