import FaultKit
import Foundation
import Testing

/// Clients who prove who they are by a certificate.
@Suite(.ownThreads) struct TLSTests {
  private static let info = LineClient.request("server.info", [:], id: 1).line

  private func setup(_ certificates: Certificates, _ port: UInt16, rules: String) -> DaemonSetup {
    .dual.with {
      $0.flags = ["--listen", "tls:127.0.0.1:\(port)"]
      $0.yaml = """
        tls:
          certificate: \(certificates.path("server"))
          key: \(certificates.key("server"))
          clientCA: \(certificates.path("ca"))
        access:
        \(rules)
        """
    }
  }

  private static let nodes = #"  - {certificate: "system:node:*", role: allocator, scope: node}"#

  @Test func `who has the right certificate gets its rule's role, and nobody else gets in`() throws
  {
    let certificates = try Certificates()
    let port = try StreamSocket.freePort()
    try certificates.sign("right", subject: "system:node:w1", by: "ca")
    try certificates.sign("unknown", subject: "stranger", by: "ca")
    try certificates.sign("expired", subject: "system:node:w1", by: "ca", isExpired: true)
    try certificates.authority("rogue")
    try certificates.sign("forged", subject: "system:node:w1", by: "rogue")
    let daemon = try DaemonProcess.start(setup(certificates, port, rules: Self.nodes))

    let right = try certificates.ask([Self.info], port: port, as: "right")
    #expect(right.first?.result?["role"] == "allocator", "\(right)")
    let unknown = try certificates.ask([Self.info], port: port, as: "unknown")
    #expect(unknown.first?.result?["role"] == "none", "a name without a rule has no role")
    for name: String? in [nil, "expired", "forged"] {
      let answers = try certificates.ask([Self.info], port: port, as: name)
      #expect(answers.isEmpty, "\(name ?? "no certificate"): \(answers)")
    }
    let old = try certificates.ask([Self.info], port: port, as: "right", ["old"])
    #expect(old.isEmpty, "TLS 1.1: \(old)")
    // A handshake that is cut off in the middle.
    let cut = try StreamSocket.connect(host: "127.0.0.1", port: port)
    #expect(write(cut, [22, 3, 1, 2, 0, 1, 0, 1] as [UInt8], 8) == 8)
    close(cut)
    // No handshake at all.
    let text = try StreamSocket.connect(host: "127.0.0.1", port: port)
    defer { close(text) }
    #expect(write(text, Self.info + "\n", Self.info.utf8.count + 1) > 0)
    let again = try certificates.ask([Self.info], port: port, as: "right")
    #expect(again.first?.result?["role"] == "allocator", "\(again)")
    try daemon.child.waitForErrorLine("a failed handshake") {
      $0.contains("a TLS handshake failed")
    }
    try daemon.stop()
  }

  @Test func `a node's certificate reserves for its own node, under its name`() throws {
    let certificates = try Certificates()
    let port = try StreamSocket.freePort()
    try certificates.sign("w", subject: "system:node:w", by: "ca")
    let daemon = try DaemonProcess.start(setup(certificates, port, rules: Self.nodes))
    let admin = try daemon.client()
    for node in ["w", "x"] {
      #expect(try admin.request("node.register", ["name": .string(node)]).result != nil)
    }
    let pod: JSON = ["namespace": "d", "name": "p"]
    let lines = [
      LineClient.request("pod.reserve", pod.with("node", "x"), id: 1).line,
      LineClient.request("pod.reserve", pod.with("node", "w"), id: 2).line,
      LineClient.request("service.release", pod, id: 3).line,
    ]
    let answers = try certificates.ask(lines, port: port, as: "w")
    try #require(answers.count == 3, "\(answers)")
    #expect(answers[0].reason == "Forbidden" && answers[2].reason == "Forbidden", "\(answers)")
    #expect(answers[1].result?["podIPs"]?.list?.count == 2, "\(answers)")
    let read = try admin.request("ledger.read", ["after": 2])
    #expect(
      read.result?["items"]?.list?.last?["actor"] == "certificate:system:node:w", "\(read)")
  }

  @Test func `SIGHUP takes new rules and certificates, and drops nobody`() throws {
    let certificates = try Certificates()
    let port = try StreamSocket.freePort()
    try certificates.sign("w", subject: "system:node:w", by: "ca")
    let daemon = try DaemonProcess.start(setup(certificates, port, rules: Self.nodes))
    let admin = try daemon.client()
    #expect(try certificates.ask([Self.info], port: port, as: "w").count == 1)

    // Another authority for clients, and a rule that says more.
    try certificates.authority("next")
    try certificates.sign("v", subject: "system:node:v", by: "next")
    var next = setup(
      certificates, port, rules: #"  - {certificate: "system:node:*", role: reader}"#)
    next.yaml = next.yaml.replacing(certificates.path("ca"), with: certificates.path("next"))
    _ = try daemon.folder.write(next.yaml + "\n", to: "config.yaml")
    daemon.child.signal(SIGHUP)
    _ = try eventually("the new rules hold") { () -> Bool? in
      let answers = try certificates.ask([Self.info], port: port, as: "v")
      return answers.first?.result?["role"] == "reader" ? true : nil
    }
    #expect(try certificates.ask([Self.info], port: port, as: "w").isEmpty)
    #expect(try admin.request("server.info").result?["role"] == "admin", "nobody was dropped")

    // A mistake leaves everything as it is.
    var wrong = next
    wrong.yaml = wrong.yaml.replacing("role: reader", with: "role: king")
    _ = try daemon.folder.write(wrong.yaml + "\n", to: "config.yaml")
    daemon.child.signal(SIGHUP)
    _ = try eventually("the mistake is told") { () -> Bool? in
      daemon.child.errorText.contains("king") ? true : nil
    }
    #expect(try certificates.ask([Self.info], port: port, as: "v").count == 1)
  }

  @Test func `a certificate that cannot be read stops the start, and is named`() throws {
    let certificates = try Certificates()
    let port = try StreamSocket.freePort()
    _ = try certificates.folder.write("no key", to: "server.key")
    let daemon = try DaemonProcess.launch(setup(certificates, port, rules: Self.nodes))
    #expect(try daemon.child.waitForExit() == .exited(78))
    #expect(daemon.child.errorText.contains("server.key"), "\(daemon.child.errorText)")
  }
}
