import FaultKit
import Foundation
import Testing

/// All or none, as clients see it.
@Suite(.ownThreads) struct TransactionTests {
  private static func call(_ method: String, _ params: JSON) -> JSON {
    ["method": .string(method), "params": params]
  }

  private static func reserve(_ name: String, node: String = "w") -> JSON {
    call("pod.reserve", ["node": .string(node), "namespace": "d", "name": .string(name)])
  }

  private static func release(_ name: String) -> JSON {
    call("pod.release", ["namespace": "d", "name": .string(name)])
  }

  @Test(
    arguments: [
      (["ops": []], "InvalidParams", "ops"),
      ([:], "InvalidParams", "ops"),
      (["ops": [["params": [:]]]], "InvalidParams", "ops[0].method"),
      (["ops": [["method": "pod.list"]]], "InvalidParams", "ops[0].method"),
      (["ops": [["method": "transaction"]]], "InvalidParams", "ops[0].method"),
      (["ops": [["method": "service.adopt"]]], "InvalidParams", "ops[0].method"),
      (["ops": [["method": "pod.reserve", "params": 7]]], "InvalidParams", "ops[0].params"),
      (["ops": [["method": "pod.reserve", "id": 7]]], "InvalidParams", "ops[0].id"),
      (["ops": [["method": "pod.release"]]], "InvalidParams", "ops[0].params.namespace"),
      (
        [
          "ops": [
            [
              "method": "pod.release",
              "params": ["ip": "10.244.0.2", "deadline": "2030-01-01T00:00:00Z"],
            ]
          ]
        ], "InvalidParams", "ops[0].params.deadline"
      ),
      (
        [
          "ops": [
            [
              "method": "service.reserve",
              "params": ["namespace": "a", "name": "b", "spec": [:], "dryRun": true],
            ]
          ]
        ], "InvalidParams", "ops[0].params.dryRun"
      ),
    ] as [(JSON, String, String)])
  func `what is no transaction is said with its path`(
    params: JSON, reason: String, field: String
  ) throws {
    let bench = try PodBench()
    let answer = try bench.client.request("transaction", params)
    #expect(answer.error?["data"]?["reason"]?.text == reason, "\(answer)")
    let fields = answer.error?["data"]?["causes"]?.list?.compactMap { $0["field"]?.text }
    #expect(fields?.contains(field) == true, "\(answer)")
    #expect(answer.data?["index"] == (field == "ops" ? nil : 0), "\(answer)")
  }

  @Test(
    arguments: [
      (["params": [:]], "InvalidParams"), (7, "InvalidParams"),
      (["method": 7], "InvalidParams"), (["method": "pod.reserve", "params": []], "InvalidParams"),
      (["method": "pod.resrve"], "MethodNotFound"), (["method": ""], "MethodNotFound"),
      (["method": "server.ping"], "InvalidParams"),
    ] as [(JSON, String)])
  func `a call that is none is told by its index`(call: JSON, reason: String) throws {
    let bench = try PodBench()
    // What is no call at all is said before what is none of a transaction's.
    let isCall = ["pod.resrve", "", "server.ping"].contains(call["method"]?.text)
    for later in isCall ? [[]] : [[], [["method": 8]]] as [[JSON]] {
      let answer = try bench.client.request(
        "transaction", ["ops": .array([Self.reserve("a"), call] + later)])
      #expect(answer.reason == reason && answer.data?["index"] == 1, "\(answer)")
    }
    #expect(try bench.client.all("pod.list").isEmpty)
  }

  @Test func `a release that finds nothing tells the newest revision, its own calls' included`()
    throws
  {
    let bench = try PodBench()
    let none: [JSON] = [
      Self.release("nobody"),
      Self.call("service.release", ["namespace": "d", "name": "nothing"]),
      Self.call("node.release", ["name": "nowhere"]),
    ]
    let before = try bench.newestRevision()
    let answer = try bench.client.request(
      "transaction", ["ops": .array(none + [Self.reserve("a")] + none + [Self.reserve("b")] + none)]
    )
    let revisions = answer.result?["results"]?.list?.map { $0["revision"]?.int } ?? []
    let first = before.map { $0 + 1 }
    let second = before.map { $0 + 2 }
    #expect(
      revisions == [before, before, before, first, first, first, first]
        + [second, second, second, second], "\(answer)")
    #expect(answer.result?["revision"]?.int == second)
    let released = answer.result?["results"]?.list?[4]["released"]
    #expect(released == [], "\(answer)")
  }

  @Test func `a Conflict in it names the revision of what is held`() throws {
    let bench = try PodBench()
    let held = try bench.reserve("held")
    let node = try bench.client.request("node.get", ["name": "w"])
    let other = Self.call(
      "pod.reserve",
      ["node": "w", "namespace": "d", "name": "held", "ipFamilies": ["IPv4"]])
    let overlap = Self.call(
      "node.register", ["name": "x", "podCIDRs": node.result?["podCIDRs"] ?? .null])
    for (call, revision) in [(other, held.revision), (overlap, node.revision)] {
      let answer = try bench.client.request(
        "transaction", ["ops": .array([Self.reserve("a"), call])])
      #expect(answer.reason == "Conflict" && answer.data?["index"] == 1, "\(answer)")
      #expect(revision != nil && answer.data?["revision"]?.int == revision, "\(answer)")
    }
  }

  @Test func `a node's blocks are the next one's in the same transaction, also after a crash`()
    throws
  {
    let bench = try PodBench()
    _ = try bench.reserve("p")
    let blocks = try #require(
      try bench.client.request("node.get", ["name": "w"]).result?["podCIDRs"])
    let answer = try bench.client.request(
      "transaction",
      [
        "ops": .array([
          Self.call("node.release", ["name": "w", "force": true]),
          Self.call("node.register", ["name": "x", "podCIDRs": blocks]),
          Self.reserve("q", node: "x"),
          Self.call("node.release", ["name": "x", "force": true]),
          Self.call("node.register", ["name": "w", "podCIDRs": blocks]), Self.reserve("r"),
        ])
      ])
    #expect(answer.result?["results"]?.list?.count == 6, "\(answer)")
    for isKilled in [false, true] {
      if isKilled { try bench.restart(killing: true) }
      #expect(try bench.client.all("node.list").map { $0["podCIDRs"] } == [blocks])
      #expect(try bench.client.all("pod.list").map { $0["name"] } == ["r"])
      let verdict = try bench.client.request("ledger.verify").result
      #expect(verdict?["problems"] == [], "\(verdict ?? .null)")
    }
  }

  @Test func `the first call that fails is named, and nothing has happened`() throws {
    let bench = try PodBench()
    _ = try bench.reserve("held")
    let revision = try bench.client.request("server.info").revision
    let answer = try bench.client.request(
      "transaction",
      [
        "ops": .array([
          Self.reserve("a"), Self.release("held"), Self.reserve("b", node: "nowhere"),
          Self.reserve("c", node: "nowhere either"),
        ])
      ])
    #expect(answer.error?["data"]?["reason"] == "NotFound", "\(answer)")
    #expect(answer.error?["data"]?["index"] == 2, "\(answer)")
    #expect(try bench.client.request("server.info").revision == revision)
    let left = try bench.client.all("pod.list").compactMap { $0["name"]?.text }
    #expect(left == ["held"])
  }

  @Test func `its changes take consecutive revisions, and a batch line may hold several`() throws {
    let bench = try PodBench()
    let first: JSON = ["ops": .array((0..<5).map { Self.reserve("a\($0)") })]
    let second: JSON = ["ops": .array((0..<5).map { Self.release("a\($0)") })]
    try bench.client.send(
      line: JSON.array([
        LineClient.request("transaction", first, id: 1),
        LineClient.request("transaction", second, id: 2),
      ]).description)
    let answers = try #require(try bench.client.readJSON().list)
    for answer in answers {
      let revisions = answer["result"]?["results"]?.list?.compactMap { $0["revision"]?.int } ?? []
      #expect(revisions.count == 5, "\(answer)")
      #expect(zip(revisions, revisions.dropFirst()).allSatisfy { $1 == $0 + 1 }, "\(answer)")
      #expect(answer["result"]?["revision"]?.int == revisions.last)
    }
    #expect(try bench.client.all("pod.list").isEmpty)
  }

  @Test func `one connection's requests about an owner take effect in their order`() throws {
    let bench = try PodBench()
    let lines = [
      LineClient.request(
        "pod.reserve", ["node": "w", "namespace": "d", "name": "p"], id: 1),
      LineClient.request(
        "transaction", ["ops": .array([Self.release("p"), Self.reserve("q")])], id: 2),
      LineClient.request("pod.get", ["namespace": "d", "name": "q"], id: 3),
      LineClient.request("pod.get", ["namespace": "d", "name": "p"], id: 4),
    ]
    try bench.client.send(bytes: Array(lines.map { "\($0)\n" }.joined().utf8))
    #expect(try bench.client.answer(to: 2).result?["results"]?.list?.count == 2)
    #expect(try bench.client.answer(to: 3).result != nil)
    #expect(try bench.client.answer(to: 4).error != nil)
  }

  @Test func `a thousand calls are one commit, and one more is too many`() throws {
    let bench = try PodBench(.dual, nodes: ["w": ["10.244.64.0/18", "fd00:10:244:80::/64"]])
    let calls = (0..<1000).map { Self.reserve("p\($0)") }
    let answer = try bench.client.request("transaction", ["ops": .array(calls)])
    #expect(answer.result?["results"]?.list?.count == 1000, "\(answer.error ?? [:])")
    #expect(try bench.client.all("pod.list").count == 1000)
    let more = try bench.client.request(
      "transaction", ["ops": .array(calls + [Self.reserve("one more")])])
    #expect(more.error?["data"]?["causes"]?.list?.first?["reason"] == "TooLong", "\(more)")
  }

  /// Each transaction reserves three pods of one name; clients meet at the same names.
  @Test func `kill -9 leaves every transaction whole or not at all`() throws {
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    let setup = DaemonSetup.dual.with { $0.yaml = "quarantineSeconds: 0" }
    var daemon = try DaemonProcess.start(setup)
    _ = try daemon.client().request("node.register", ["name": "w"])
    for round in 0..<4 {
      let milliseconds = Int.random(in: 5...150, using: &random)
      try Self.load(daemon, round, milliseconds)
      daemon = try daemon.startAgain()
      let client = try daemon.client()
      var held: [String: Int] = [:]
      for pod in try client.all("pod.list") {
        held[pod["name"]?.text ?? "", default: 0] += 1
      }
      #expect(held.values.allSatisfy { $0 == 3 }, "seed \(seed), round \(round): \(held)")
      for name in held.keys {
        _ = try client.request(
          "pod.release", ["namespace": "d", "name": .string(name), "all": true])
      }
    }
  }

  /// Each client reserves and releases its three pods, until the daemon is killed.
  private static func load(_ daemon: DaemonProcess, _ round: Int, _ milliseconds: Int) throws {
    let clients = 4
    _ = try Workers.run(clients + 1) { index, gate in
      guard index < clients else {
        try gate.pass()
        usleep(UInt32(milliseconds) * 1000)
        return try daemon.kill()
      }
      let client = try daemon.client()
      let name = JSON.string("r\(round)c\(index)")
      let all = ["eth0", "net1", "net2"].map { interface in
        call(
          "pod.reserve",
          ["node": "w", "namespace": "d", "name": name, "interface": .string(interface)])
      }
      let none = call("pod.release", ["namespace": "d", "name": name, "all": true])
      try gate.pass()
      var isHeld = false
      while let answer = try? client.request(
        "transaction", ["ops": .array(isHeld ? [none] : all)])
      {
        guard answer.result != nil else { throw HarnessFailure.ended("\(answer)") }
        isHeld.toggle()
      }
    }
  }

  @Test func `a fence matches nothing that the same transaction makes`() throws {
    let bench = try PodBench()
    let key: JSON = ["node": "w", "namespace": "d", "name": "p"]
    let answer = try bench.client.request(
      "transaction",
      [
        "ops": [
          ["method": "pod.reserve", "params": key],
          ["method": "pod.reserve", "params": key.with("ifRevision", 0)],
        ]
      ])
    #expect(answer.reason == "Conflict" && answer.data?["index"] == 1, "\(answer)")
    #expect(answer.data?["revision"] == nil, "there is none yet: \(answer)")
  }
}
