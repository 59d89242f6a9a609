import NIOCore
import Testing

@testable import Transport

@Suite struct DrainTests {
  @Test func `draining answers what was read and then closes`() async throws {
    try await TestServer.with { server in
      let (client, idle) = (try server.client(), try server.client())
      try client.send("later 1\nhold\nlater 2\n")
      #expect(await eventually { server.counters.held == 1 && server.log.count(of: "later") == 1 })
      let other = try server.client()
      try other.send("later 3\n")
      #expect(await eventually { server.log.count(of: "later") == 2 })

      await server.server.stopAccepting()
      async let drained: Void = server.server.drain(atMost: .seconds(20))
      // The idle one is closed at once, those that something is due to are not. Waiting for it here
      // lets the drain have a thread before this task blocks one.
      #expect(await eventually { server.counters.open == 2 })
      #expect(try idle.rest() == [])
      try await server.release()
      #expect(try client.rest() == ["\"later 1\"", "\"hold\"", "\"later 2\""])
      #expect(try other.rest() == ["\"later 3\""])
      await drained
      #expect(server.counters.open == 0)
    }
  }

  @Test func `draining ends after its time, whatever is due`() async throws {
    try await TestServer.with { server in
      let client = try server.client()
      try client.send("later\n")
      #expect(await eventually { server.log.count(of: "later") == 1 })
      await server.server.stopAccepting()
      await server.server.drain(atMost: .milliseconds(50))
      #expect(server.counters.open == 0)
      #expect(try client.rest() == [])
    }
  }

  @Test func `answers that wait in the channel are sent before the end`() async throws {
    try await TestServer.with { server in
      let (client, idle) = (try server.client(), try server.client())
      try client.send(String(repeating: "big\n", count: 30))
      try idle.send("x\n")
      #expect(try idle.line() == "\"x\"")
      #expect(await eventually { server.counters.paused == 1 })
      await server.server.stopAccepting()
      async let drained: Void = server.server.drain(atMost: .seconds(20))
      // The idle one is closed as soon as the drain has begun.
      #expect(await eventually { server.counters.open == 1 })
      #expect(try client.rest().map(\.utf8.count) == Array(repeating: 100_002, count: 30))
      await drained
    }
  }

  @Test func `who has just connected may ask, who was answered is sent away`() async throws {
    var limits = TransportLimits()
    limits.stopGrace = .seconds(20)
    try await TestServer.with(limits: limits) { server in
      let (fresh, served) = (try server.client(), try server.client())
      try served.send("x\n")
      #expect(try served.line() == "\"x\"")
      #expect(await eventually { server.counters.open == 2 })
      await server.server.stopAccepting()
      async let drained: Void = server.server.drain(atMost: .seconds(20))
      #expect(await eventually { server.counters.open == 1 })
      #expect(try served.rest() == [])
      try fresh.send("y\n")
      #expect(try fresh.rest() == ["\"y\""])
      await drained
    }
  }

  @Test func `who says nothing is sent away after a short time`() async throws {
    try await TestServer.with { server in
      let fresh = try server.client()
      #expect(await eventually { server.counters.open == 1 })
      await server.server.stopAccepting()
      await server.server.drain(atMost: .seconds(20))
      #expect(try fresh.rest() == [])
    }
  }

  @Test(arguments: TestServer.Kind.allCases)
  func `who waits to be accepted is taken before the stop`(kind: TestServer.Kind) async throws {
    // However busy the machine is.
    var limits = TransportLimits()
    limits.acceptGrace = .seconds(20)
    limits.lastInput = .seconds(20)
    try await TestServer.with(kind, threads: 2, limits: limits) { server in
      let clients = try (0..<200).map { _ in try server.client() }
      for client in clients { try client.send("x\n") }
      await server.server.stopAccepting()
      await server.server.drain(atMost: .seconds(20))
      for client in clients { #expect(try client.rest() == ["\"x\""]) }
    }
  }

  @Test func `nobody connects after the stop`() async throws {
    try await TestServer.with { server in
      await server.server.stopAccepting()
      #expect(throws: Client.Failure.self) { try server.client() }
    }
  }
}
