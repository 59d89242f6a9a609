import FaultKit
import Foundation
import Testing

/// Sockets: own and inherited ones, stale and live ones, and telling that it serves.
@Suite(.ownThreads) struct ListenTests {
  @Test func `a stale socket file is replaced`() throws {
    let folder = try TemporaryFolder()
    try StreamSocket.leaveStaleFile(at: folder.file("s.sock"))
    let daemon = try DaemonProcess.start(.dual, in: folder)
    #expect(try daemon.client().request("server.ping").result == [:])
    try daemon.kill()
    let again = try daemon.startAgain()
    #expect(try again.client().request("server.ping").result == [:])
  }

  @Test func `a live socket is left alone`() throws {
    let first = try DaemonProcess.start()
    let setup = DaemonSetup.dual.with {
      $0.namesSocket = false
      $0.flags = ["--listen", "unix:" + first.socketPath]
    }
    let second = try DaemonProcess.launch(setup)
    let status = try second.child.waitForExit()
    #expect(status != .exited(0))
    #expect(second.child.errorText.contains(first.socketPath), "\(second.child.errorText)")
    #expect(try first.client().request("server.ping").result == [:])
  }

  @Test func `a file that is no socket is not replaced`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("precious", to: "s.sock")
    let daemon = try DaemonProcess.launch(.dual, in: folder)
    #expect(try daemon.child.waitForExit() != .exited(0))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test func `several sockets serve one ledger`() throws {
    let port = try StreamSocket.freePort()
    let setup = DaemonSetup.dual.with {
      $0.flags = ["--listen", "tcp:127.0.0.1:\(port)", "--listen", "unix:second.sock"]
    }
    let daemon = try DaemonProcess.start(setup)
    let made = try daemon.client().request("node.register", ["name": "n"])
    let second = try LineClient(unix: daemon.folder.file("second.sock"), of: daemon)
    let tcp = try LineClient(tcp: "127.0.0.1", port: port, of: daemon)
    for client in [second, tcp] {
      #expect(try client.request("node.get", ["name": "n"]).revision == made.revision)
    }
    #expect(try second.request("server.info").result?["role"] == "admin")
  }

  @Test func `it tells the service manager when it serves`() throws {
    let folder = try TemporaryFolder()
    let notify = try NotifySocket(path: folder.file("notify.sock"))
    let setup = DaemonSetup.dual.with { $0.environment = ["NOTIFY_SOCKET": notify.path] }
    let daemon = try DaemonProcess.launch(setup, in: folder)
    try notify.waitFor("READY=1")
    #expect(try daemon.client().request("server.ping").result == [:])
    try daemon.waitUntilReady()
    daemon.child.signal(SIGTERM)
    try notify.waitFor("STOPPING=1")
    #expect(try daemon.child.waitForExit() == .exited(0))
  }

  @Test func `inherited sockets are served, and a restart loses no client`() throws {
    let folder = try TemporaryFolder()
    let socket = folder.file("inherited.sock")
    let port = try StreamSocket.freePort()
    let setup = DaemonSetup.dual.with {
      $0.namesSocket = false
      $0.wrapper = [
        "/usr/bin/systemd-socket-activate", "-l", socket, "-l", "127.0.0.1:\(port)",
      ]
    }
    let daemon = try DaemonProcess.launch(setup, in: folder)
    try daemon.child.waitForErrorLine("Listening on the port") { $0.contains(":\(port)") }
    // The daemon starts with the first connection; what is sent meanwhile waits in the kernel.
    let unix = try LineClient(unix: socket, of: daemon)
    #expect(try unix.request("server.info").result?["role"] == "admin")
    let tcp = try LineClient(tcp: "127.0.0.1", port: port, of: daemon)
    #expect(try tcp.request("server.info").result?["role"] == "reader")
    try daemon.waitUntilReady()
    #expect(try daemon.stop() == .exited(0))
    #expect(FileManager.default.fileExists(atPath: socket), "an inherited socket is not removed")
  }

  @Test func `inherited sockets and own ones are served together`() throws {
    let folder = try TemporaryFolder()
    let socket = folder.file("inherited.sock")
    let setup = DaemonSetup.dual.with {
      $0.wrapper = ["/usr/bin/systemd-socket-activate", "-l", socket]
    }
    let daemon = try DaemonProcess.launch(setup, in: folder)
    try daemon.child.waitForErrorLine("Listening") { $0.contains(socket) }
    let inherited = try LineClient(unix: socket, of: daemon)
    #expect(try inherited.request("server.ping").result == [:])
    try daemon.waitUntilReady()
    #expect(try daemon.client().request("server.ping").result == [:])
  }
}
