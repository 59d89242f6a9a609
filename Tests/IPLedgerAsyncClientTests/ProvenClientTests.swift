import FaultKit
import IPLedgerAsyncClient
import IPLedgerClient
import Testing

/// Clients who prove who they are, over TLS or by a token.
@Suite struct ProvenClientTests {
  private static let limit = Duration.seconds(30)

  private func daemon(_ certificates: Certificates, _ port: UInt16) async throws -> DaemonProcess {
    try await DaemonProcess.started(
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

  @Test func `a certificate is shown, and the daemon's is checked`() async throws {
    let certificates = try Certificates()
    try certificates.sign("node", subject: "system:node:w1", by: "ca")
    try certificates.authority("rogue")
    let port = try StreamSocket.freePort()
    let daemon = try await daemon(certificates, port)
    var tls = ClientTLS(
      authority: certificates.path("ca"), certificate: certificates.path("node"),
      key: certificates.key("node"), serverName: "ipledger")
    let address = try ServerAddress("tls:127.0.0.1:\(port)")
    let client = try AsyncClient(to: address, ClientOptions(tls: tls))
    let info = try await client.call("server.info", within: Self.limit)
    #expect(info["role"]?.string == "allocator")

    tls.authority = certificates.path("rogue")
    try await expectUnreachable(address, tls)
    tls.authority = certificates.path("ca")
    tls.serverName = "another"
    try await expectUnreachable(address, tls)
    withExtendedLifetime(daemon) {}
  }

  private func expectUnreachable(_ address: ServerAddress, _ tls: ClientTLS) async throws {
    let client = try AsyncClient(to: address, ClientOptions(tls: tls))
    let error = await #expect(throws: ClientError.self) {
      try await client.call("server.ping", within: .milliseconds(500))
    }
    guard case .unreachable(_, let cause) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!cause.isEmpty)
  }

  @Test func `a file that is no certificate is named before anything is tried`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("nothing", to: "ca.pem")
    let options = ClientOptions(tls: ClientTLS(authority: file))
    let error = #expect(throws: ClientError.self) {
      try AsyncClient(to: ServerAddress("tls:127.0.0.1:1"), options)
    }
    guard case .notSupported(let what) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(what.contains(file))
  }

  /// SHA-256 of the token `secret`.
  private static let hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"

  @Test func `a token is shown on every connection`() async throws {
    let port = try StreamSocket.freePort()
    let setup = DaemonSetup.dual.with {
      $0.flags = ["--listen", "tcp:127.0.0.1:\(port)"]
      $0.yaml = #"access: [{token: "sha256:\#(Self.hash)", role: admin}]"#
    }
    let daemon = try await DaemonProcess.started(setup)
    let address = try ServerAddress("tcp:127.0.0.1:\(port)")
    let client = try AsyncClient(to: address, ClientOptions(token: "secret"))
    let first = try await client.call("server.info", within: Self.limit)
    #expect(first["role"]?.string == "admin")
    try await daemon.killed()
    let second = try await daemon.startedAgain()
    let again = try await client.call("server.info", within: Self.limit)
    #expect(again["role"]?.string == "admin")

    let stranger = try AsyncClient(to: address, ClientOptions(token: "wrong"))
    let error = await #expect(throws: ClientError.self) {
      try await stranger.call("server.ping", within: Self.limit)
    }
    guard case .refused = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    withExtendedLifetime(second) {}
  }
}
