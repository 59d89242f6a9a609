import FaultKit
import Foundation
import Testing

/// Disks that fail, fill up, or lie.
@Suite(.ownThreads, .serialized) struct DiskFailureTests {
  private static func reserve(_ client: LineClient, _ name: String) throws -> Answer {
    try client.request("pod.reserve", ["node": "w", "namespace": "d", "name": .string(name)])
  }

  @Test(.enabled(if: Environment.isRoot))
  func `a failed fsync is the end, and nobody is told that it was done`() throws {
    for round in 0..<3 {
      let bench = try PodBench()
      let daemon = bench.daemon
      for number in 0..<5 {
        #expect(try Self.reserve(bench.client, "before-\(number)").result != nil)
      }
      let tracer = try Tracer(daemon, Tracer.syncs, "error=EIO")
      let answers = try Workers.run(4) { index, gate in
        let client = try daemon.client()
        try gate.pass()
        return try? Self.reserve(client, "during-\(index)")
      }
      let said = answers.compactMap { $0 }
      #expect(said.allSatisfy { $0.result == nil }, "round \(round): \(said)")
      #expect(said.contains { $0.code == -32012 && $0.reason == "OutcomeUnknown" }, "\(said)")
      #expect(try daemon.child.waitForExit() == .exited(74))
      withExtendedLifetime(tracer) {}
      let again = try daemon.startAgain()
      let client = try again.client()
      for number in 0..<5 {
        let answer = try Self.reserve(client, "before-\(number)")
        #expect(answer.result?["existing"] == true, "\(answer)")
      }
      for index in 0..<4 {
        let answer = try Self.reserve(client, "during-\(index)")
        #expect(answer.result?["podIPs"]?.list?.count == 2, "\(answer)")
      }
      let items = try client.all("pod.list")
      let addresses = items.flatMap { $0["podIPs"]?.strings ?? [] }
      #expect(items.count == 9 && Set(addresses).count == 18)
    }
  }

  @Test(.enabled(if: Environment.isRoot))
  func `a full disk refuses changes, serves reads, and recovers by itself`() throws {
    let disk = try SmallDisk(megabytes: 64)
    let setup = DaemonSetup(clusterCIDR: "10.0.0.0/8,fd00:10::/56").with {
      $0.namesLedger = false
      $0.flags = ["--ledger", disk.ledgerPath]
      $0.masks = (ipv4: 16, ipv6: 64)
    }
    let bench = try PodBench(setup)
    var held: [String] = []
    for number in 0..<20 {
      #expect(try bench.reserve("p\(number)").result != nil)
      held.append("p\(number)")
    }
    try disk.fill()
    let refused = try Self.fillLedger(bench, &held)
    #expect(refused.code == -32008 && refused.data?["retryable"] == true, "\(refused)")
    #expect(refused.data?["cause"]?.text?.isEmpty == false, "\(refused)")
    let health = try bench.client.request("server.health")
    #expect(health.result?["ready"] == false && health.result?["live"] == true, "\(health)")
    #expect(health.result?["ledger"] == "readOnly", "\(health)")
    #expect(try bench.client.all("pod.list", limit: 1000).count == held.count)
    let repeated = try bench.reserve("p0")
    #expect(repeated.result?["existing"] == true, "a repeat writes nothing: \(repeated)")
    try disk.free()
    _ = try eventually("the ledger's recovery") { try bench.address("after") }
    held.append("after")
    let healed = try bench.client.request("server.health")
    #expect(healed.result?["ledger"] == "ok" && healed.result?["ready"] == true, "\(healed)")
    try bench.restart(killing: true)
    let names = try bench.client.all("pod.list", limit: 1000).compactMap { $0["name"]?.text }
    #expect(Set(names) == Set(held), "\(names.count) of \(held.count)")
    #expect(names.count == held.count)
  }

  /// Reserves until the ledger cannot be written; the answer that says so.
  private static func fillLedger(_ bench: PodBench, _ held: inout [String]) throws -> Answer {
    let deadline = Deadline(seconds: 25)
    let label = JSON.string(String(repeating: "x", count: 250))
    let labels = JSON.object(
      Dictionary(uniqueKeysWithValues: (0..<16).map { ("label-\($0)", label) }))
    for number in 0..<60_000 where !deadline.hasPassed {
      let answer = try bench.reserve("fill-\(number)", ["labels": labels])
      guard answer.result != nil else { return answer }
      held.append("fill-\(number)")
    }
    throw HarnessFailure.deadline("the disk to be full: \(held.count) reservations")
  }

  @Test(.enabled(if: Environment.isRoot))
  func `a start on a full disk harms nothing`() throws {
    let disk = try SmallDisk(megabytes: 64)
    let setup = DaemonSetup.dual.with {
      $0.namesLedger = false
      $0.flags = ["--ledger", disk.ledgerPath]
    }
    let bench = try PodBench(setup)
    for number in 0..<20 { _ = try bench.reserve("p\(number)") }
    try bench.daemon.kill()
    try disk.fill()
    // Whether it starts to read or refuses to start, it has to leave the ledger whole.
    let attempt = try DaemonProcess.launch(setup, in: bench.daemon.folder)
    _ = try? attempt.waitUntilReady()
    attempt.child.signal(SIGTERM)
    _ = try attempt.child.waitForExit()
    try disk.free()
    try bench.restart(killing: true)
    #expect(try bench.client.all("pod.list").count == 20)
  }
}
