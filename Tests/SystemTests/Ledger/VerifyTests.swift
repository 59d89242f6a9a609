import FaultKit
import Foundation
import Testing

/// `ledger.verify` finds what does not fit, and nothing where all is well.
@Suite(.ownThreads) struct VerifyTests {
  private static func filled() throws -> PodBench {
    let bench = try PodBench(.dual.with { $0.yaml = "quarantineSeconds: 0" })
    for index in 0..<20 {
      let name = "p\(index)"
      _ = try bench.reserve(name, ["labels": ["k": "1"], "sticky": true])
      _ = try bench.reserve(name, ["labels": ["k": "2"], "sticky": true])
      if index.isMultiple(of: 3) { _ = try bench.release(name) }
    }
    let service: JSON = ["namespace": "d", "name": "s", "spec": ["clusterIP": "10.96.0.9"]]
    _ = try bench.client.request("service.reserve", service)
    // Changes nothing, and so has no record.
    _ = try bench.client.request("service.update", service.with("spec", ["selector": ["a": "b"]]))
    return bench
  }

  private static func verify(_ client: LineClient) throws -> JSON {
    try #require(try client.request("ledger.verify").result)
  }

  @Test func `a ledger in use is well, at every stage of its derivation`() throws {
    let bench = try Self.filled()
    let early = try Self.verify(bench.client)
    #expect(early["ok"] == true && early["problems"] == [], "\(early)")
    let revision = try bench.client.request("server.info").revision
    #expect(early["records"]?.int == revision && early["revision"]?.int == revision)
    try bench.restart(killing: true)
    #expect(try Self.verify(bench.client)["ok"] == true)
    let daemon = bench.daemon
    let verdicts = try Workers.run(3) { index, gate -> [JSON] in
      let client = try daemon.client()
      try gate.pass()
      if index == 0 { return try (0..<10).map { _ in try Self.verify(client) } }
      for step in 0..<60 {
        let pod: JSON = ["namespace": "d", "name": .string("w\(index)-\(step % 4)")]
        _ = try client.request("pod.reserve", pod.with("node", "w"))
        if step.isMultiple(of: 3) { _ = try client.request("pod.release", pod) }
      }
      return []
    }
    for verdict in verdicts.joined() { #expect(verdict["ok"] == true, "\(verdict)") }
  }

  /// A row of the state that says something else, with everything around it as it was.
  @Test(arguments: [
    "UPDATE state SET reserved_at = reserved_at + 1 WHERE kind = 1",
    "DELETE FROM state WHERE owner = (SELECT max(owner) FROM state)",
    "UPDATE record SET time = time + 1 WHERE revision = 7",
  ])
  func `a fault that comes while it runs is found`(sql: String) throws {
    let bench = try Self.filled()
    // At rest, so that the state is derived and the daemon does not write.
    _ = try eventually("all is derived") {
      let state = try ChildProcess.run(
        "/usr/bin/sqlite3", [bench.daemon.ledgerPath, "SELECT derived FROM meta"])
      let revision = try bench.client.request("server.info").revision
      return Int(state.output.trimmingCharacters(in: .whitespacesAndNewlines)) == revision
        ? true : nil
    }
    let changed = try ChildProcess.run(
      "/usr/bin/sqlite3", [bench.daemon.ledgerPath, sql])
    #expect(changed.status == .exited(0), "\(changed.errors)")
    let verdict = try Self.verify(bench.client)
    #expect(verdict["ok"] == false, "\(verdict)")
    #expect(verdict["problems"]?.list?.isEmpty == false)
  }
}
