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
    #expect(run.status == .exited(1), "\(run.errors)")
    #expect(run.lines.count == 2, "\(run.output)")
    #expect(run.output.contains("10.244.0.2"))
    #expect(run.errors.contains("NotFound"))
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
    let certificates = try Certificates()
    try certificates.sign("node", subject: "system:node:w1", by: "ca")
    try certificates.authority("rogue")
    let port = try StreamSocket.freePort()
    let client = try ClientProgram(
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
    let address = ["--socket", "tls:127.0.0.1:\(port)", "--tls-server-name", "ipledger"]
    let own = [
      "--tls-certificate", certificates.path("node"), "--tls-key", certificates.key("node"),
    ]
    let info = try client.run(
      ["server", "info", "-o", "json", "--tls-ca", certificates.path("ca")] + address + own)
    #expect(info.json?["role"] == "allocator", "\(info.errors)")
    let rogue = try client.run(
      ["server", "ping", "--timeout", "2", "--tls-ca", certificates.path("rogue")] + address + own)
    #expect(rogue.status == .exited(69), "\(rogue.errors)")
  }
}
