import FaultKit
import Foundation
import Testing

/// `ledger.compact`: old records go, everything else stays.
@Suite(.ownThreads) struct CompactionTests {
  private static func compact(_ client: LineClient, before revision: Int) throws -> Answer {
    try client.request("ledger.compact", ["before": .int(revision)])
  }

  private static func verify(_ client: LineClient) throws {
    let verdict = try client.request("ledger.verify")
    #expect(verdict.result?["ok"] == true, "\(verdict)")
  }

  /// Reserves and releases, with some hundred requests on the way at once.
  private static func fill(_ client: LineClient, pods: Int) throws {
    for first in stride(from: 0, to: pods, by: 100) {
      var last: JSON = .null
      for index in first..<(first + 100) {
        let pod = PodBench.key("x\(index)")
        _ = try client.begin("pod.reserve", pod.with("node", "w"))
        last = try client.begin("pod.release", pod)
      }
      _ = try client.answer(to: last)
    }
  }

  /// Revision 1 is the node, 2 and 3 pod a, which is gone, 4 pod b, 5 and 6 pod c, which is gone.
  private static func bench() throws -> (PodBench, a: JSON, b: JSON) {
    let bench = try PodBench()
    let a = try #require(try bench.reserve("a").result?["podIP"])
    _ = try bench.release("a")
    let b = try #require(try bench.reserve("b").result?["podIP"])
    _ = try bench.reserve("c")
    _ = try bench.release("c")
    return (bench, a, b)
  }

  @Test func `older revisions are Compacted, and the others are as before`() throws {
    let (bench, a, b) = try Self.bench()
    let pods = try bench.client.all("pod.list")
    let kept = try bench.client.request("ledger.read", ["after": 4]).result?["items"]
    let answer = try Self.compact(bench.client, before: 5)
    #expect(answer.result == ["oldestRevision": 5, "removed": 4, "revision": 6], "\(answer)")
    for isRestarted in [false, true] {
      if isRestarted { try bench.restart(killing: true) }
      let client = bench.client
      #expect(try client.request("ledger.read", ["after": 4]).result?["items"] == kept)
      for old in [0, 3] {
        for answer in [
          try client.request("ledger.read", ["after": .int(old)]),
          try client.request("ledger.watch", ["after": .int(old)]),
          try client.request("ip.get", ["ip": a, "at": .int(old)]),
          try client.request("ip.get", ["ip": a, "at": "1999-01-01T00:00:00Z"]),
        ] {
          #expect(answer.reason == "Compacted", "\(answer)")
          #expect(answer.error?["data"]?["oldestRevision"] == 5, "\(answer)")
        }
      }
      for moment in [4, 5, 6] {
        let then = try client.request("ip.get", ["ip": b, "at": .int(moment)])
        #expect(then.result?["owner"]?["name"] == "b", "\(then)")
        let resting = try client.request("ip.get", ["ip": a, "at": .int(moment)])
        #expect(resting.result?["state"] == "quarantined", "\(resting)")
      }
      #expect(try client.request("ip.history", ["ip": b]).result?["items"] == [])
      #expect(try client.all("pod.list") == pods)
      #expect(try bench.state(a.text ?? "") == "quarantined")
      try Self.verify(client)
    }
    #expect(try bench.reserve("d").result?["revision"]?.int == 7)
    #expect(try bench.release("b").result?["released"]?.list?.isEmpty == false)
    try Self.verify(bench.client)
  }

  @Test func `it goes up to the revision to come, and never back`() throws {
    let (bench, _, _) = try Self.bench()
    let future = try Self.compact(bench.client, before: 8)
    #expect(future.causes == ["before Invalid"], "\(future)")
    #expect(try bench.client.request("ledger.compact").causes == ["before Required"])
    #expect(try Self.compact(bench.client, before: 7).result?["removed"] == 6)
    let nothing = try Self.compact(bench.client, before: 3)
    #expect(nothing.result == ["oldestRevision": 7, "removed": 0, "revision": 6], "\(nothing)")
    #expect(try bench.client.request("ledger.read", ["after": 6]).result?["items"] == [])
    let folder = try TemporaryFolder()
    let copy = try bench.client.request(
      "ledger.backup", ["path": .string(folder.file("copy.db"))])
    #expect(copy.result?["revision"] == 6, "\(copy)")
    try bench.restart()
    #expect(try bench.newestRevision() == 6)
    #expect(try bench.reserve("z").result?["revision"]?.int == 7)
    #expect(
      try bench.client.request("ledger.read", ["after": 6]).result?["items"]?.list?.count == 1)
    try Self.verify(bench.client)
  }

  @Test func `kill -9 while it runs under load loses nothing`() throws {
    let bench = try PodBench()
    for index in 0..<40 { _ = try bench.reserve("kept-\(index)") }
    for round in 0..<3 {
      try Self.fill(bench.client, pods: 2_500)
      let newest = try #require(try bench.newestRevision())
      _ = try bench.client.begin("ledger.compact", ["before": .int(newest)])
      _ = try bench.reserve("during-\(round)")
      try bench.restart(killing: true)
      try Self.verify(bench.client)
      let names = Set(try bench.client.all("pod.list").compactMap { $0["name"]?.text })
      #expect((0..<40).allSatisfy { names.contains("kept-\($0)") })
      #expect((0...round).allSatisfy { names.contains("during-\($0)") })
      #expect(try bench.newestRevision() ?? 0 >= newest + 1)
    }
    let newest = try #require(try bench.newestRevision())
    #expect(try Self.compact(bench.client, before: newest + 1).result != nil)
    try Self.verify(bench.client)
  }

  @Test func `retention removes old records at the start`() throws {
    let bench = try PodBench()
    for index in 0..<20 { _ = try bench.reserve("p\(index)") }
    try bench.daemon.stop()
    let daemon = try bench.daemon.startAgain(
      .dual.with { $0.yaml = "retention: {records: 5, days: 1}" })
    let client = try daemon.client()
    _ = try eventually("only five records are left") {
      try client.request("ledger.read", ["after": 15]).reason == "Compacted" ? true : nil
    }
    let left = try client.request("ledger.read", ["after": 16]).result?["items"]?.list
    #expect(left?.count == 5)
    #expect(try client.all("pod.list").count == 20)
    try Self.verify(client)
  }
}
