import FaultKit
import Foundation
import Testing

/// SIGHUP, as the service manager sends it and hears of it.
@Suite(.ownThreads) struct ReloadTests {
  @Test func `a reload with inherited sockets succeeds and is announced`() throws {
    let folder = try TemporaryFolder()
    let notify = try NotifySocket(path: folder.file("notify.sock"))
    let socket = folder.file("inherited.sock")
    let setup = DaemonSetup.dual.with {
      $0.namesSocket = false
      // Good only for a process that inherits sockets, which it must know of ever after.
      $0.yaml = "listen: []"
      $0.wrapper = [
        "/usr/bin/systemd-socket-activate", "-E", "NOTIFY_SOCKET=\(notify.path)", "-l", socket,
      ]
    }
    let daemon = try DaemonProcess.launch(setup, in: folder)
    try daemon.child.waitForErrorLine("Listening") { $0.contains(socket) }
    let client = try LineClient(unix: socket, of: daemon)
    #expect(try client.request("server.ping").result == [:])
    try notify.waitFor("READY=1")
    daemon.child.signal(SIGHUP)
    let begun = try notify.waitFor("RELOADING=1")
    #expect(begun.contains { $0.wholeMatch(of: #/MONOTONIC_USEC=[1-9][0-9]+/#) != nil }, "\(begun)")
    try notify.waitFor("READY=1")
    try daemon.child.waitForErrorLine("the outcome") { $0.contains("configuration") }
    #expect(daemon.child.errorText.contains("configuration read anew"))
    #expect(!daemon.child.errorText.contains("mistakes"), "\(daemon.child.errorText)")
    #expect(try client.request("server.ping").result == [:])
  }

  @Test func `a reload that fails ends too`() throws {
    let folder = try TemporaryFolder()
    let notify = try NotifySocket(path: folder.file("notify.sock"))
    let setup = DaemonSetup.dual.with {
      $0.environment = ["NOTIFY_SOCKET": notify.path]
      $0.yaml = "logLevel: info"
    }
    let daemon = try DaemonProcess.start(setup, in: folder)
    try notify.waitFor("READY=1")
    _ = try folder.write("logLevel: loud\n", to: "config.yaml")
    daemon.child.signal(SIGHUP)
    try notify.waitFor("RELOADING=1")
    try notify.waitFor("READY=1")
    try daemon.child.waitForErrorLine("the mistake") { $0.contains("loud") }
    #expect(try daemon.client().request("server.ping").result == [:])
  }

  @Test func `a hangup during the start is kept until it serves`() throws {
    let daemon = try DaemonProcess.launch()
    try daemon.child.waitForErrorLine("the ledger is open") { $0.contains("ledger opened") }
    daemon.child.signal(SIGHUP)
    try daemon.waitUntilReady()
    try daemon.child.waitForErrorLine("the reload") { $0.contains("configuration read anew") }
    #expect(try daemon.client().request("server.ping").result == [:])
  }
}
