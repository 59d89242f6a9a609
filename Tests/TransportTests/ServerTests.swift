import Glibc
import Testing

@testable import Transport

@Suite struct ServerTests {
  @Test(arguments: TestServer.Kind.allCases)
  func `lines are answered in order however the bytes are cut`(kind: TestServer.Kind) async throws {
    try await TestServer.with(kind) { server in
      let bytes = Array("one\r\n\ntwo\n  \nthree\n".utf8)
      for cut in 0...bytes.count {
        let client = try server.client()
        try client.send(Array(bytes[..<cut]))
        try client.send(Array(bytes[cut...]))
        #expect(try client.lines(3) == ["\"one\"", "\"two\"", "\"three\""])
      }
    }
  }

  @Test func `lines that come byte by byte are answered`() async throws {
    try await TestServer.with { server in
      let client = try server.client()
      for byte in Array("one\ntwo\n".utf8) { try client.send([byte]) }
      #expect(try client.lines(2) == ["\"one\"", "\"two\""])
    }
  }

  @Test(arguments: TestServer.Kind.allCases)
  func `twenty thousand lines in a few writes are all answered`(
    kind: TestServer.Kind
  ) async throws {
    try await TestServer.with(kind) { server in
      let client = try server.client()
      let numbers = (0..<20_000).map(String.init)
      let sending = Thread { try? client.send(numbers.joined(separator: "\n") + "\n") }
      #expect(try client.lines(numbers.count) == numbers.map { "\"\($0)\"" })
      sending.join()
    }
  }

  @Test func `many lines of one write are one turn and few writes`() async throws {
    try await TestServer.with { server in
      let client = try server.client()
      try client.send("warm\n")
      _ = try client.line()
      let before = server.log.count(of: "turn")
      try client.send(String(repeating: "x\n", count: 1_000))
      #expect(try client.lines(1_000).count == 1_000)
      #expect(server.log.count(of: "turn") - before <= 3)
    }
  }

  @Test func `life goes on after a line that is too long`() async throws {
    var limits = TransportLimits()
    limits.lineBytes = 100
    try await TestServer.with(limits: limits) { server in
      let client = try server.client()
      try client.send(String(repeating: "x", count: 101))
      #expect(try client.line() == "\"too long\"")
      try client.send(String(repeating: "y", count: 100_000) + "\nshort\n")
      #expect(try client.line() == "\"short\"")
      try client.send(String(repeating: "x", count: 100) + "\n")
      #expect(try client.line()?.utf8.count == 102)
    }
  }

  @Test func `connections go to the loops in turn, and each is told of`() async throws {
    try await TestServer.with(threads: 2) { server in
      let clients = try (0..<8).map { _ in try server.client() }
      for client in clients { try client.send("x\n") }
      for client in clients { #expect(try client.line() == "\"x\"") }
      let peer = "opened unix(uid: \(getuid()), gid: \(getgid()), pid: \(getpid()), groups: ["
      #expect(server.log.all.count { $0.hasPrefix(peer) } == 8)
      #expect(server.counters.open == 8)
      #expect(server.counters.total == 8)
    }
  }

  @Test func `a TCP client has an address and no uid`() async throws {
    try await TestServer.with(.tcp) { server in
      let client = try server.client()
      try client.send("x\n")
      _ = try client.line()
      let opened = try #require(server.log.all.first)
      #expect(opened.hasPrefix("opened tcp(isLoopback: true, address: \"127.0.0.1:"))
    }
  }

  @Test func `a client that goes is closed once and counted out`() async throws {
    try await TestServer.with { server in
      do {
        let client = try server.client()
        try client.send("x\n")
        _ = try client.line()
      }
      #expect(await eventually { server.counters.open == 0 })
      #expect(server.log.count(of: "closed") == 1)
    }
  }
}
