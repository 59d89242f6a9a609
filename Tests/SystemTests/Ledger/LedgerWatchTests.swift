import FaultKit
import Foundation
import Testing

/// Records read and followed: without a gap, a repeat or a change of order.
@Suite(.ownThreads) struct LedgerWatchTests {
  private static func event(_ client: LineClient) throws -> JSON {
    let line = try client.readJSON()
    guard line["method"] == "ledger.event", let event = line["params"] else {
      throw HarnessFailure.ended("\(line)")
    }
    return event
  }

  @Test func `records are read from any revision on, as lists show their objects`() throws {
    let bench = try PodBench()
    let held = try bench.reserve("p", ["labels": ["k": "v"], "containerID": "c"])
    _ = try bench.client.request(
      "service.reserve", ["namespace": "d", "name": "s", "spec": [:]])
    _ = try bench.release("p", ["containerID": "c"])
    let answer = try bench.client.request("ledger.read", ["after": 1, "limit": 2])
    let items = try #require(answer.result?["items"]?.list)
    #expect(items.map { $0["revision"]?.int } == [2, 3])
    #expect(items.map { $0["type"]?.text } == ["Reserved", "Reserved"])
    #expect(items[0]["object"]?["podIPs"] == held.result?["podIPs"])
    #expect(items[0]["object"]?["labels"] == ["k": "v"])
    #expect(answer.result?["revision"]?.int == 4)
    let last = try bench.client.request("ledger.read", ["after": 3]).result?["items"]?[0]
    #expect(last?["type"] == "Released")
    #expect(last?["object"]?["revision"]?.int == 2)
    #expect(last?["object"]?["reservedAt"] == items[0]["time"])
    #expect(try bench.client.request("ledger.read", ["after": 4]).result?["items"] == [])
    let future = try bench.client.request("ledger.read", ["after": 5])
    #expect(future.error?["data"]?["causes"]?[0]?["field"] == "after", "\(future)")
  }

  @Test func `a watch tells what comes, and only what its filter lets through`() throws {
    let bench = try PodBench(.dual, nodes: ["w": [], "x": []])
    let watcher = try bench.daemon.client()
    for filter: JSON in [
      [:], ["kinds": ["Service"]], ["node": "x"], ["namespace": "d", "kinds": ["Pod", "Node"]],
    ] {
      let answer = try watcher.request("ledger.watch", ["filter": filter])
      #expect(answer.result?["revision"]?.int == 2, "\(answer)")
    }
    _ = try bench.reserve("p")
    _ = try bench.reserve("q", ["node": "x"])
    _ = try bench.client.request(
      "service.reserve", ["namespace": "other", "name": "s", "spec": [:]])
    _ = try bench.client.request("node.register", ["name": "x", "nodeIPs": ["192.0.2.1"]])
    var seen: [String: [Int]] = [:]
    for _ in 0..<9 {
      let event = try Self.event(watcher)
      seen[event["watch"]?.text ?? "", default: []].append(event["revision"]?.int ?? 0)
    }
    #expect(seen == ["w1": [3, 4, 5, 6], "w2": [5], "w3": [4, 6], "w4": [3, 4]])
    #expect(try watcher.request("ledger.unwatch", ["watch": "w1"]).result == [:])
    #expect(try watcher.request("ledger.unwatch", ["watch": "w1"]).error != nil)
    _ = try bench.reserve("r")
    #expect(try Self.event(watcher)["watch"] == "w4")
  }

  @Test func `a client that comes back goes on where it was, also after kill -9`() throws {
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    var bench = try Follower(seed: seed)
    for round in 0..<6 {
      try bench.load(
        killsAfter: round.isMultiple(of: 2) ? Int.random(in: 10...80, using: &random) : nil)
      try bench.follow(atMost: Int.random(in: 1...400, using: &random))
    }
    try bench.follow(atMost: .max)
    let records = try bench.everything()
    #expect(bench.seen.map { $0["revision"]?.int } == Array(1...records.count), "seed \(seed)")
    for (event, record) in zip(bench.seen, records) {
      #expect(event["object"] == record["object"] && event["type"] == record["type"])
    }
  }

  @Test func `a watcher that does not read costs no memory and misses nothing`() throws {
    let bench = try PodBench()
    let slow = try bench.daemon.client()
    _ = try slow.request("ledger.watch", ["after": 0])
    let name = String(repeating: "n", count: 200)
    let before = try bench.daemon.residentBytes()
    for index in 0..<40 {
      let calls = (0..<200).map { call -> JSON in
        let pod: JSON = ["namespace": "d", "name": .string("\(name)-\(call)")]
        return index.isMultiple(of: 2)
          ? ["method": "pod.reserve", "params": pod.with("node", "w")]
          : ["method": "pod.release", "params": pod]
      }
      let answer = try bench.client.request("transaction", ["ops": .array(calls)])
      #expect(answer.result != nil, "\(answer)")
    }
    #expect(try bench.daemon.residentBytes() < before + 32 << 20)
    for revision in 1...8001 {
      let event = try Self.event(slow)
      guard event["revision"]?.int == revision else {
        Issue.record("revision \(revision) is missing: \(event)")
        return
      }
    }
  }

  @Test func `a client that shuts its writing side is done with its watches`() throws {
    let bench = try PodBench()
    let watcher = try bench.daemon.client()
    _ = try watcher.request("ledger.watch")
    watcher.shutdownWriting()
    try watcher.expectEnd()
    _ = try bench.reserve("p")
  }

  @Test func `a connection has at most sixteen watches`() throws {
    let bench = try PodBench()
    for _ in 0..<16 { #expect(try bench.client.request("ledger.watch").result != nil) }
    #expect(try bench.client.request("ledger.watch").reason == "Overloaded")
  }

  @Test func `a watch may be part of a batch: its events come behind the batch's answers`() throws {
    let bench = try PodBench()
    let pod = #"{"node":"w","namespace":"d","name":"p"}"#
    try bench.client.send(
      line: """
        [{"id":1,"method":"ledger.watch","params":{"after":0}},\
        {"id":2,"method":"pod.reserve","params":\(pod)}]
        """)
    let answers = try #require(try bench.client.readJSON().list)
    #expect(Set(answers.map { $0["id"] }) == [1, 2], "\(answers)")
    let events = [try Self.event(bench.client), try Self.event(bench.client)]
    #expect(events.map { $0["revision"]?.int } == [1, 2])
  }

  @Test func `a watch that nobody wants an answer for is one all the same`() throws {
    let bench = try PodBench()
    let watcher = try bench.daemon.client()
    try watcher.send(line: #"{"method":"ledger.watch","params":{"after":0}}"#)
    #expect(try Self.event(watcher)["watch"] == "w1")
    try watcher.send(line: #"[{"method":"ledger.watch","params":{"after":0}}]"#)
    #expect(try Self.event(watcher)["watch"] == "w2")
  }

  @Test func `a watcher that takes nothing for longer than others may is not cut off`() throws {
    let bench = try PodBench(.dual.with { $0.yaml = "limits: {writeSeconds: 1}" })
    let (slow, other) = (try bench.daemon.client(), try bench.daemon.client())
    _ = try slow.request("ledger.watch", ["after": 0])
    let name = String(repeating: "n", count: 200)
    for index in 0..<20 {
      let calls = (0..<200).map { call -> JSON in
        let pod: JSON = ["namespace": "d", "name": .string("\(name)-\(call)")]
        return index.isMultiple(of: 2)
          ? ["method": "pod.reserve", "params": pod.with("node", "w")]
          : ["method": "pod.release", "params": pod]
      }
      _ = try bench.client.request("transaction", ["ops": .array(calls)])
    }
    // One that does not watch, and asks for as much, is closed meanwhile.
    for _ in 0..<10 { _ = try other.begin("ledger.read", ["after": 0, "limit": 1000]) }
    _ = try eventually("the other one is closed") {
      let stats = try bench.client.request("server.stats").result
      return stats?["connections"]?["open"]?.int == 2 ? true : nil
    }
    for revision in 1...4001 {
      guard try Self.event(slow)["revision"]?.int == revision else {
        Issue.record("revision \(revision) is missing")
        return
      }
    }
  }
}

/// A daemon under load, and one who follows it through everything.
private struct Follower {
  private var daemon: DaemonProcess
  private var round = 0
  private(set) var seen: [JSON] = []

  init(seed: UInt64) throws {
    daemon = try DaemonProcess.start(.dual)
    _ = try daemon.client().request("node.register", ["name": "w"])
  }

  /// Clients reserve and release; the daemon may die under them, and comes back.
  mutating func load(killsAfter milliseconds: Int?) throws {
    round += 1
    let (daemon, round) = (daemon, round)
    _ = try Workers.run(4) { index, gate in
      if index == 3 {
        try gate.pass()
        guard let milliseconds else { return }
        usleep(UInt32(milliseconds) * 1000)
        return try daemon.kill()
      }
      let client = try daemon.client()
      try gate.pass()
      for step in 0..<60 {
        let pod: JSON = ["namespace": "d", "name": .string("r\(round)c\(index)s\(step / 2)")]
        let answer =
          step.isMultiple(of: 2)
          ? try? client.request("pod.reserve", pod.with("node", "w"))
          : try? client.request("pod.release", pod)
        guard answer != nil else { return }
      }
    }
    if milliseconds != nil { self.daemon = try daemon.startAgain() }
  }

  /// Takes events from where it is until there are none left, or enough.
  mutating func follow(atMost count: Int) throws {
    let client = try daemon.client()
    let newest = try #require(try client.request("server.info").revision)
    let after = seen.count
    let answer = try client.request("ledger.watch", ["after": .int(after)])
    guard answer.result != nil else { throw HarnessFailure.ended("\(answer)") }
    while seen.count < newest, seen.count - after < count {
      guard let event = try client.readJSON()["params"] else { return }
      seen.append(event)
    }
    client.close()
  }

  func everything() throws -> [JSON] {
    let client = try daemon.client()
    var records: [JSON] = []
    while true {
      let page = try client.request("ledger.read", ["after": .int(records.count)])
      guard let items = page.result?["items"]?.list, !items.isEmpty else { return records }
      records += items
    }
  }
}
