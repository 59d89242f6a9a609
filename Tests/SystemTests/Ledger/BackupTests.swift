import FaultKit
import Foundation
import Testing

/// Copies of a ledger in use are ledgers.
@Suite(.ownThreads) struct BackupTests {
  @Test func `a copy under load opens as a ledger and holds what was acknowledged before`() throws {
    let bench = try PodBench()
    let folder = try TemporaryFolder()
    for index in 0..<100 { _ = try bench.reserve("before-\(index)") }
    let daemon = bench.daemon
    let answers = try Workers.run(3) { index, gate -> Answer? in
      let client = try daemon.client()
      try gate.pass()
      if index == 0 {
        return try client.request("ledger.backup", ["path": .string(folder.file("copy.db"))])
      }
      for step in 0..<50 {
        let pod: JSON = ["namespace": "d", "name": .string("during-\(index)-\(step)")]
        _ = try client.request("pod.reserve", pod.with("node", "w"))
        _ = try client.request("pod.release", pod)
      }
      return nil
    }
    let result = try #require(answers[0]?.result, "\(answers)")
    let revision = try #require(result["revision"]?.int)
    #expect(revision >= 101)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["copy.db"])
    let setup = DaemonSetup.dual.with { setup in
      setup.namesLedger = false
      setup.flags = ["--ledger", folder.file("copy.db")]
    }
    let copy = try DaemonProcess.start(setup)
    let client = try copy.client()
    #expect(try client.request("server.info").revision == revision)
    let names = Set(try client.all("pod.list").compactMap { $0["name"]?.text })
    #expect((0..<100).allSatisfy { names.contains("before-\($0)") })
    let original = try bench.client.request("ledger.read", ["after": 0, "limit": .int(revision)])
    let copied = try client.request("ledger.read", ["after": 0, "limit": .int(revision)])
    #expect(original.result?["items"] == copied.result?["items"])
  }

  @Test func `nothing is overwritten, and a copy that cannot be made leaves nothing`() throws {
    let bench = try PodBench()
    let folder = try TemporaryFolder()
    let path = folder.file("copy.db")
    try "mine".write(toFile: path, atomically: false, encoding: .utf8)
    let there = try bench.client.request("ledger.backup", ["path": .string(path)])
    #expect(there.reason == "Conflict", "\(there)")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    for wrong in ["copy.db", "/", "", folder.file("none/copy.db")] {
      let answer = try bench.client.request("ledger.backup", ["path": .string(wrong)])
      #expect(answer.causes == ["path Invalid"], "\(answer)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["copy.db"])
    #expect(try bench.client.request("ledger.backup").causes == ["path Required"])
  }
}
