import FaultKit
import Testing

/// What is meant for people who watch, as a pipe sees it.
@Suite struct LiveTests {
  @Test func `a shell in a pipe answers each line, and a failure is its status`() throws {
    let client = try ClientProgram()
    let run = try client(
      "shell",
      input: """
        node.register name=worker-1
        {"id":1,"method":"pod.reserve","params":{"node":"worker-1","namespace":"d","name":"a"}}
        pod.get namespace=d name=nobody

        """)
    #expect(run.status == .exited(66), "\(run.errors)")
    #expect(run.lines.count == 2, "\(run.output)")
    #expect(run.output.contains("10.244.0.2"))
    #expect(run.errors.hasPrefix("NotFound: "), "\(run.errors)")
    #expect(run.errors.contains("\nNext: "), "\(run.errors)")
    #expect(try client("shell", input: "pod.list namespace\n").status == .exited(65))
  }

  @Test func `a shell whose daemon was restarted goes on`() throws {
    let client = try ClientProgram()
    let first = try client("shell", input: "server.ping\n")
    #expect(first.status == .exited(0), "\(first.errors)")
    try client.daemon.kill()
    let gone = try client("shell", input: "server.ping\n")
    #expect(gone.status == .exited(69), "\(gone.errors)")
    #expect(gone.errors.contains("Next:"))
  }

  @Test func `top in a pipe is one picture`() throws {
    let client = try ClientProgram()
    try client.expect("node", "register", "worker-1")
    let run = try client.expect("top")
    #expect(run.output.contains("pod-ipv4"), "\(run.output)")
    #expect(!run.output.contains("\u{1B}"))
  }

  @Test func `a daemon behind TLS is spoken to with a certificate, and checked`() throws {
    let secure = try SecureProgram()
    let info = try secure.run("server", "info", "-o", "json")
    #expect(info.json?["role"] == "allocator", "\(info.errors)")
    try secure.certificates.authority("rogue")
    let rogue = try secure.run("server", "ping", "--timeout", "2", authority: "rogue")
    #expect(rogue.status == .exited(69), "\(rogue.errors)")
  }

  @Test func `a watch over TLS shows what one over a Unix socket shows`() throws {
    let secure = try SecureProgram()
    try secure.client.expect("node", "register", "w1")
    try secure.client.expect("pod", "reserve", "a", "--node", "w1")
    try secure.client.expect("service", "reserve", "s")
    let all = ["ledger", "watch", "--after", "0", "-o", "json", "--count"]
    let plain = try secure.client.run(all + ["3"])
    #expect(plain.lines.count == 3, "\(plain.errors)")
    #expect(try secure.run(all + ["3"]).output == plain.output)
    let pods = try secure.run(all + ["1", "--kind", "Pod", "-n", "default", "--node", "w1"])
    #expect(pods.lines == [plain.lines[1]], "\(pods.errors)")
    let read = try secure.client.expect("ledger", "read", "-o", "json")
    #expect(read.json?["items"]?.list?.first == JSON(parsing: String(plain.lines[0])))
  }

  @Test func `a watch over TLS goes on where it was when the daemon comes back`() throws {
    let secure = try SecureProgram()
    try secure.client.expect("node", "register", "w1")
    let watch = try secure.start("ledger", "watch", "--after", "0", "--count", "2", "-o", "json")
    _ = try eventually("the first event") { watch.outputText.contains("w1") ? true : nil }
    try secure.client.daemon.kill()
    let later = try secure.client.daemon.startAgain()
    _ = try later.client().request(
      "pod.reserve", ["node": "w1", "namespace": "d", "name": "late"])
    #expect(try watch.waitForExit() == .exited(0), "\(watch.errorText)")
    let lines = watch.outputText.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.last?.contains("late") == true, "\(lines)")
  }

  @Test func `a map is the same over TLS`() throws {
    let secure = try SecureProgram()
    try secure.client.expect("node", "register", "w1")
    for name in ["a", "b"] { try secure.client.expect("pod", "reserve", name, "--node", "w1") }
    try secure.client.expect("pod", "release", "a")
    let plain = try secure.client.expect("map", "fd00:10:244::/64")
    #expect(plain.output.contains("resting 1"))
    let map = try secure.run("map", "fd00:10:244::/64")
    #expect(map.output == plain.output, "\(map.errors)")
  }

  @Test func `a watch over TLS of a daemon that is not there ends at once`() throws {
    let secure = try SecureProgram()
    try secure.client.daemon.kill()
    let run = try secure.run("ledger", "watch", "--after", "0")
    #expect(run.status == .exited(69), "\(run.errors)")
  }
}

/// A daemon behind TLS, and the certificates of one of its nodes.
private struct SecureProgram {
  let certificates: Certificates
  let client: ClientProgram
  private let port: UInt16

  init() throws {
    certificates = try Certificates()
    try certificates.sign("node", subject: "system:node:w1", by: "ca")
    port = try StreamSocket.freePort()
    let (certificates, port) = (certificates, port)
    client = try ClientProgram(
      .dual.with {
        $0.flags = ["--listen", "tls:127.0.0.1:\(port)"]
        $0.yaml = """
          tls:
            certificate: \(certificates.path("server"))
            key: \(certificates.key("server"))
            clientCA: \(certificates.path("ca"))
          access:
            - {certificate: "system:node:*", role: allocator, scope: node}
          """
      })
  }

  private func arguments(_ own: [String], _ authority: String) -> [String] {
    own + [
      "--socket", "tls:127.0.0.1:\(port)", "--tls-server-name", "ipledger",
      "--tls-certificate", certificates.path("node"), "--tls-key", certificates.key("node"),
      "--tls-ca", certificates.path(authority),
    ]
  }

  func run(_ own: [String], authority: String = "ca") throws -> ClientProgram.Run {
    try client.run(arguments(own, authority))
  }

  func run(_ own: String..., authority: String = "ca") throws -> ClientProgram.Run {
    try run(own, authority: authority)
  }

  func start(_ own: String...) throws -> ChildProcess {
    try ChildProcess(ClientProgram.path, arguments(own, "ca"))
  }
}
