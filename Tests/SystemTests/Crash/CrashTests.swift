import FaultKit
import Foundation
import Testing

/// `kill -9` under load: what was acknowledged is there, and nothing else is.
@Suite(.ownThreads, .serialized) struct CrashTests {
  private static let rounds = Environment.number("IPLEDGER_CRASH_ROUNDS") ?? 15
  private static let clientCount = 8
  private static let nodes = ["n0", "n1", "n2"]

  /// Load clients, each used by one thread at a time: they are handed from round to round.
  ///
  /// `@unchecked Sendable`: client `i` is touched by worker `i` alone, and by the test when no
  /// worker runs.
  private final class Fleet: @unchecked Sendable {
    let clients: [LoadClient]

    init(seed: UInt64) {
      clients = (0..<CrashTests.clientCount).map {
        LoadClient(number: $0, nodes: CrashTests.nodes, seed: seed)
      }
    }

    var history: [HistoryEntry] { clients.flatMap(\.history) }
  }

  private static func start(_ setup: DaemonSetup) throws -> (daemon: DaemonProcess, revision: Int) {
    let daemon = try DaemonProcess.start(setup)
    let client = try daemon.client()
    for (index, node) in nodes.enumerated() {
      // The last one is small, so that addresses rest, run out and are handed out again.
      let block: JSON = ["10.244.\(200 + index).0/28", "fd00:10:244:\(80 + index)::/124"]
      let node: JSON = ["name": .string(node)]
      let answer = try client.request(
        "node.register", index == 2 ? node.with("podCIDRs", block) : node)
      guard answer.result != nil else { throw HarnessFailure.ended("\(answer)") }
    }
    let revision = try client.request("server.info").revision
    return (daemon, try #require(revision))
  }

  /// Lets all clients work until the daemon dies `milliseconds` after all are connected.
  private static func kill(
    _ daemon: DaemonProcess, under fleet: Fleet, after milliseconds: Int
  ) throws {
    _ = try Workers.run(clientCount + 1) { index, gate in
      if index == clientCount {
        try gate.pass()
        usleep(UInt32(milliseconds) * 1000)
        try daemon.kill()
        return
      }
      let client = try daemon.client()
      try gate.pass()
      fleet.clients[index].work(on: client)
    }
  }

  private static func check(
    _ daemon: DaemonProcess, _ history: [HistoryEntry], since revision: Int
  ) throws -> [String] {
    let client = try daemon.client()
    let state = try HeldState(from: client, oldestRevision: revision)
    let blocks = try client.all("node.list").flatMap { $0["podCIDRs"]?.strings ?? [] }
    let counts = try state.countMismatches(
      client, blocks: blocks, services: ["10.96.0.0/16", "fd00:10:96::/108"])
    return HistoryChecker.findings(history, state) + counts
  }

  @Test func `kill -9 at any moment loses nothing acknowledged and doubles nothing`() throws {
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    let setup = DaemonSetup.dual.with { $0.yaml = "quarantineSeconds: 1" }
    var (daemon, revision) = try Self.start(setup)
    let fleet = Fleet(seed: seed)
    for round in 0..<Self.rounds {
      let milliseconds = Int.random(in: 1...400, using: &random)
      try Self.kill(daemon, under: fleet, after: milliseconds)
      daemon = try daemon.startAgain()
      let findings = try Self.check(daemon, fleet.history, since: revision)
      #expect(findings.isEmpty, "seed \(seed), round \(round): \(findings.prefix(5))")
      if !findings.isEmpty { return }
    }
    let answered = fleet.history.count { $0.outcome != .unknown }
    #expect(answered > Self.rounds * Self.clientCount, "too little happened: \(answered)")
  }

  @Test func `under load the daemon answers, lists and counts the same`() throws {
    let seed = SeededRandom.seed()
    let (daemon, revision) = try Self.start(.dual.with { $0.yaml = "quarantineSeconds: 1" })
    let fleet = Fleet(seed: seed)
    for round in 0..<3 {
      _ = try Workers.run(Self.clientCount) { index, gate in
        let client = try daemon.client()
        try gate.pass()
        fleet.clients[index].work(on: client, count: 200)
      }
      let findings = try Self.check(daemon, fleet.history, since: revision)
      #expect(findings.isEmpty, "seed \(seed), round \(round): \(findings.prefix(5))")
    }
    #expect(fleet.history.allSatisfy { $0.outcome != .unknown })
  }

  /// A slow disk widens the time between the first write of a commit and its end: an answer that
  /// came too early is caught at nearly every kill.
  @Test(.enabled(if: Environment.isRoot))
  func `kill -9 in the middle of slow writes loses nothing acknowledged`() throws {
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    var (daemon, revision) = try Self.start(.dual)
    let fleet = Fleet(seed: seed)
    for round in 0..<max(Self.rounds / 3, 3) {
      let tracer = try Tracer(daemon, "pwrite64", "delay_enter=10000")
      try Self.kill(daemon, under: fleet, after: Int.random(in: 100...500, using: &random))
      withExtendedLifetime(tracer) {}
      daemon = try daemon.startAgain()
      let findings = try Self.check(daemon, fleet.history, since: revision)
      #expect(findings.isEmpty, "seed \(seed), round \(round): \(findings.prefix(5))")
      if !findings.isEmpty { return }
    }
    #expect(fleet.history.contains { $0.writtenRevision != nil })
  }

  @Test func `a kill during the start loses nothing`() throws {
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    var (daemon, revision) = try Self.start(.dual)
    let fleet = Fleet(seed: seed)
    try Self.kill(daemon, under: fleet, after: 500)
    for _ in 0..<min(Self.rounds, 10) {
      let again = try DaemonProcess.launch(.dual, in: daemon.folder)
      usleep(UInt32.random(in: 0...150_000, using: &random))
      try again.kill()
    }
    daemon = try daemon.startAgain()
    let findings = try Self.check(daemon, fleet.history, since: revision)
    #expect(findings.isEmpty, "seed \(seed): \(findings.prefix(5))")
    revision = try #require(try daemon.client().request("server.info").revision)
    #expect(try daemon.stop() == .exited(0))
  }
}
