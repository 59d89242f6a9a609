import FaultKit
import Foundation
import Testing

@testable import ipledger_load

/// The program as people start it.
@Suite struct ProgramTests {
  private func load(
    _ arguments: String...
  ) throws -> (status: FaultKit.ExitStatus, output: String, errors: String) {
    let folder = URL(fileURLWithPath: Environment.daemonPath).deletingLastPathComponent()
    return try ChildProcess.run(
      folder.appendingPathComponent("ipledger-load").path, arguments)
  }

  @Test func `a scenario runs phase after phase and leaves nothing behind`() throws {
    let daemon = try DaemonProcess.start()
    let file = try daemon.folder.write(
      """
      all: {clients: 2, depth: 3, nodes: 3, nodeCapacity: 100, check: true, services: 10}
      phases:
        - {mode: fill, requests: 300}
        - {mode: fill, requests: 300, name: again}
        - {mode: rolling, requests: 50, fill: 0.3}
        - {mode: services, requests: 50}
      """, to: "scenario.yaml")
    let json = daemon.folder.file("report.json")
    let run = try load("run", "--socket", "unix:" + daemon.socketPath, "--json", json, file)
    #expect(run.status == .exited(0), "\(run)")
    #expect(run.errors.isEmpty, "no progress where there is no terminal")
    #expect(run.output.contains("again: fill, 2 clients × 3 in flight, 3 nodes"))
    #expect(run.output.contains("check: 0 violations in 300 acknowledgements, 300 read back"))
    let report = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: json)))
    let phases = try #require((report as? [String: Any])?["phases"] as? [[String: Any]])
    #expect(phases.map { $0["answers"] as? Int } == [300, 300, 50, 50])
    let client = try daemon.client()
    for method in ["pod.list", "service.list", "node.list"] {
      #expect(try client.request(method, [:]).result?["items"]?.list?.isEmpty == true, "\(method)")
    }
  }

  @Test func `JSON alone is printed when it has no file`() throws {
    let daemon = try DaemonProcess.start()
    let run = try load(
      "--socket", daemon.socketPath, "--requests", "20", "--json", "--nodes", "2", "--clean-up")
    #expect(run.status == .exited(0), "\(run)")
    let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let machine = (report as? [String: Any])?["machine"] as? [String: Any]
    #expect(machine?["processors"] as? Int != nil)
  }

  @Test func `answers with an error end the program with 1`() throws {
    let daemon = try DaemonProcess.start()
    let run = try load(
      "--socket", daemon.socketPath, "--requests", "300", "--nodes", "1", "--node-capacity", "300")
    #expect(run.status == .exited(1))
    #expect(run.output.contains("error Exhausted: 47"))
  }

  @Test(arguments: [
    ["--socket", "tcp:nowhere"], ["--socket", "s"], ["--socket", "/s", "--mode", "fill"],
    ["--socket", "/s", "--token", "a\"b"], ["--socket", "/s", "--tls-key", "k"],
    ["--socket", "/s", "--warm-up", "1", "--requests", "3"], ["--socket", "/s", "--rate", "0"],
  ]) func `flags that make no sense are refused as usage`(flags: [String]) throws {
    let folder = URL(fileURLWithPath: Environment.daemonPath).deletingLastPathComponent()
    let run = try ChildProcess.run(folder.appendingPathComponent("ipledger-load").path, flags)
    #expect(run.status == .exited(64), "\(run)")
    #expect(run.errors.contains("--"))
  }

  @Test func `a token makes a plain TCP connection an allocator's`() throws {
    let port = try FaultKit.StreamSocket.freePort()
    let token = "secret"
    let digest = try ChildProcess.run("/usr/bin/sha256sum", [], input: token).output.prefix(64)
    let daemon = try DaemonProcess.start(
      .dual.with {
        $0.flags = ["--listen", "tcp:127.0.0.1:\(port)"]
        $0.yaml = "access: [{token: \"sha256:\(digest)\", role: admin}]"
      })
    let address = "tcp:127.0.0.1:\(port)"
    let refused = try load("--socket", address, "--requests", "10", "--nodes", "2")
    #expect(refused.status == .exited(1), "\(refused)")
    #expect(refused.errors.contains("Forbidden"), "\(refused)")
    let run = try load(
      "--socket", address, "--token", token, "--requests", "100", "--nodes", "2", "--check")
    #expect(run.status == .exited(0), "\(run)")
    try daemon.stop()
  }

  @Test func `over TLS with certificates of both sides`() throws {
    let folder = try TemporaryFolder()
    func openssl(_ arguments: String...) throws {
      let run = try ChildProcess.run("/usr/bin/openssl", arguments, folder: folder.path)
      try #require(run.status == .exited(0), "\(run)")
    }
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "2", "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.pem")
    let extensions = try folder.write("subjectAltName=IP:127.0.0.1\n", to: "names")
    for name in ["server", "loader"] {
      try openssl(
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
        "/CN=\(name)", "-keyout", "\(name).key", "-out", "\(name).csr")
      try openssl(
        "x509", "-req", "-in", "\(name).csr", "-CA", "ca.pem", "-CAkey", "ca.key",
        "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", "\(name).pem")
    }
    let port = try FaultKit.StreamSocket.freePort()
    let daemon = try DaemonProcess.start(
      .dual.with {
        $0.flags = ["--listen", "tls:127.0.0.1:\(port)"]
        $0.yaml = """
          tls: {certificate: \(folder.file("server.pem")), key: \(folder.file("server.key")), \
          clientCA: \(folder.file("ca.pem"))}
          access: [{certificate: loader, role: admin}]
          """
      })
    let run = try load(
      "--socket", "tls:127.0.0.1:\(port)", "--tls-ca", folder.file("ca.pem"), "--tls-certificate",
      folder.file("loader.pem"), "--tls-key", folder.file("loader.key"), "--requests", "500",
      "--nodes", "4", "--clients", "3", "--depth", "16", "--check")
    #expect(run.status == .exited(0), "\(run)")
    #expect(run.output.contains("check: 0 violations in 500 acknowledgements"), "\(run)")
    let stranger = try load(
      "--socket", "tls:127.0.0.1:\(port)", "--requests", "1", "--nodes", "1")
    #expect(stranger.status == .exited(1), "a server that nobody vouches for: \(stranger)")
    try daemon.stop()
  }
}
