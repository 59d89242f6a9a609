import Foundation
import NIOCore
import Testing

@testable import Transport

@Suite struct ConnectionTests {
  // MARK: Held lines

  @Test func `a held line is offered again, and those behind it wait`() async throws {
    try await TestServer.with { server in
      let (waiting, other) = (try server.client(), try server.client())
      try waiting.send("before\nhold 1\nafter\n")
      #expect(try waiting.line() == "\"before\"")
      #expect(await eventually { server.counters.held == 1 })
      // What comes while it waits is not lost, and others are served.
      try waiting.send("last\n")
      try other.send("x\n")
      #expect(try other.line() == "\"x\"")
      try other.send("go\n")
      #expect(try waiting.lines(3) == ["\"hold 1\"", "\"after\"", "\"last\""])
      #expect(server.log.count(of: "held") == 1)
      #expect(server.counters.held == 0)
    }
  }

  @Test func `a client that goes while its line is held is forgotten`() async throws {
    try await TestServer.with { server in
      do {
        let client = try server.client()
        try client.send("hold\n")
        #expect(await eventually { server.counters.held == 1 })
      }
      #expect(await eventually { server.counters.open == 0 })
      #expect(server.counters.held == 0)
      let other = try server.client()
      try other.send("go\nx\n")
      #expect(try other.lines(2) == ["\"go\"", "\"x\""])
    }
  }

  // MARK: Half-close

  @Test(arguments: TestServer.Kind.allCases)
  func `a client that ends its side gets every answer and then the end`(
    kind: TestServer.Kind
  ) async throws {
    try await TestServer.with(kind) { server in
      let (client, other) = (try server.client(), try server.client())
      try client.send("later 1\nlater 2\nnow\nhold\ncut off")
      client.endInput()
      #expect(try client.line() == "\"now\"")
      #expect(await eventually { server.counters.held == 1 && server.log.count(of: "later") == 2 })
      try other.send("commit\n")
      #expect(try client.lines(2) == ["\"later 1\"", "\"later 2\""])
      try other.send("go\n")
      #expect(try client.rest() == ["\"hold\""])
    }
  }

  @Test func `a client that has ended its side is kept while an answer is due`() async throws {
    try await TestServer.with { server in
      let (client, other) = (try server.client(), try server.client())
      try client.send("later\n")
      client.endInput()
      #expect(await eventually { server.log.count(of: "later") == 1 })
      // Two answers later the end of its input has been seen for certain.
      for _ in 0..<2 {
        try other.send("x\n")
        _ = try other.line()
      }
      try other.send("commit\n")
      #expect(try client.rest() == ["\"later\""])
    }
  }

  @Test func `many big answers reach a client that has ended its side`() async throws {
    try await TestServer.with { server in
      let client = try server.client()
      try client.send(String(repeating: "big\n", count: 100))
      client.endInput()
      #expect(try client.rest().map(\.utf8.count) == Array(repeating: 100_002, count: 100))
    }
  }

  // MARK: Back-pressure

  @Test(arguments: TestServer.Kind.allCases)
  func `a client that does not read is not read from, and the others are`(
    kind: TestServer.Kind
  ) async throws {
    try await TestServer.with(kind) { server in
      let (lazy, other) = (try server.client(), try server.client())
      let chunk = Array(String(repeating: "big\n", count: 1_000).utf8)
      // It may take what fits into the kernel's queues and no more, ever.
      var sent = 0
      let isStuck = await eventually {
        var more = lazy.sendSome(chunk)
        while more > 0 {
          sent += more
          more = lazy.sendSome(chunk)
        }
        return server.counters.paused == 1
      }
      #expect(isStuck)
      #expect(server.counters.paused == 1)
      #expect(server.counters.pauses == 1)
      // All that could be sent asked for a hundred thousand bytes of answer each four.
      #expect(sent < 16 << 20)
      // The other tests of this process have their share of it.
      #expect(residentBytes() < 1 << 30)
      try other.send("x\n")
      #expect(try other.line() == "\"x\"")
      // It goes on where it stopped once the client reads.
      for _ in 0..<40 { #expect(try lazy.line()?.utf8.count == 100_002) }
    }
  }

  @Test func `more answers due than the bound stop the reading`() async throws {
    var limits = TransportLimits()
    limits.dueAnswers = 10
    try await TestServer.with(limits: limits) { server in
      let (client, other) = (try server.client(), try server.client())
      try client.send(String(repeating: "later\n", count: 25))
      #expect(await eventually { server.counters.paused == 1 })
      #expect(server.log.count(of: "later") == 11)
      for due in [11, 22, 25] {
        #expect(await eventually { server.log.count(of: "later") == due })
        try other.send("commit\n")
        _ = try other.line()
      }
      #expect(try client.lines(25).count == 25)
      #expect(server.counters.paused == 0)
    }
  }

  // MARK: Clients that owe something

  @Test func `a client that takes nothing for too long is closed`() async throws {
    var limits = TransportLimits()
    limits.writeTimeout = .milliseconds(100)
    let log = EchoLines.Log()
    var events = TransportEvents()
    events.evicted = { log.add("\($1)") }
    try await TestServer.with(limits: limits, events: events) { server in
      let client = try server.client()
      try client.send(String(repeating: "big\n", count: 50))
      #expect(await eventually { server.counters.evictions == 1 && server.counters.open == 0 })
      #expect(log.all == ["notReading"])
      #expect(server.counters.paused == 0)
    }
  }

  @Test func `a line that does not end is closed, an idle client is not`() async throws {
    var limits = TransportLimits()
    limits.lineTimeout = .milliseconds(100)
    let log = EchoLines.Log()
    var events = TransportEvents()
    events.evicted = { log.add("\($1)") }
    try await TestServer.with(limits: limits, events: events) { server in
      let (idle, slow) = (try server.client(), try server.client())
      try idle.send("x\n")
      _ = try idle.line()
      try slow.send("whole\nhal")
      #expect(try slow.rest() == ["\"whole\""])
      #expect(log.all == ["unfinishedLine"])
      try idle.send("y\n")
      #expect(try idle.line() == "\"y\"")
    }
  }

  private func residentBytes() -> Int {
    let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = text?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return (pages ?? 0) * Int(getpagesize())
  }
}
