import FaultKit
import Testing

/// Many clients who want the same.
@Suite(.ownThreads) struct ConcurrencyTests {
  private static let clientCount = 8

  /// All clients send the request of their index at the same moment; the answers in that order.
  private static func race(
    _ daemon: DaemonProcess, _ method: String, _ params: @escaping @Sendable (Int) -> JSON
  ) throws -> [Answer] {
    try Workers.run(clientCount) { index, gate in
      let client = try daemon.client()
      try gate.pass()
      return try client.request(method, params(index))
    }
  }

  private static func pod(_ name: String) -> JSON {
    ["node": "w", "namespace": "d", "name": .string(name)]
  }

  @Test func `of many who reserve for one owner one is first and all hear the same`() throws {
    let bench = try PodBench()
    for round in 0..<20 {
      for (method, params): (String, JSON) in [
        ("pod.reserve", Self.pod("p\(round)")),
        (
          "service.reserve",
          PodBench.key("s\(round)").with("spec", ["ipFamilyPolicy": "RequireDualStack"])
        ), ("node.register", ["name": "n\(round)"]),
      ] {
        let before = try bench.newestRevision() ?? 0
        let answers = try Self.race(bench.daemon, method) { _ in params }
        let firsts = answers.filter { $0.result?["existing"] == false }
        #expect(firsts.count == 1, "\(method) \(round): \(answers)")
        let same = Set(answers.map { $0.result?.with("existing", true) })
        #expect(same.count == 1 && !same.contains(nil), "\(method) \(round): \(answers)")
        #expect(try bench.newestRevision() == before + 1, "one record")
      }
    }
  }

  @Test func `of many who ask for one static address one gets it`() throws {
    let bench = try PodBench()
    for round in 0..<20 {
      let four = JSON.string("10.244.0.\(100 + round)")
      let pods = try Self.race(bench.daemon, "pod.reserve") {
        Self.pod("p\(round)-\($0)").with("ips", [four])
      }
      Self.expectOneWinner(pods, prefix: "p\(round)-")
      let address = JSON.string(Cluster.staticAddress(.ipv4, 1 + round))
      let services = try Self.race(bench.daemon, "service.reserve") {
        PodBench.key("s\(round)-\($0)").with("spec", ["clusterIP": address])
      }
      Self.expectOneWinner(services, prefix: "s\(round)-")
    }
    let block = try bench.client.request("range.get", ["cidr": "fd00:10:244::/64"])
    #expect(block.result?["reserved"] == "20", "losers keep nothing: \(block)")
  }

  private static func expectOneWinner(_ answers: [Answer], prefix: String) {
    let winners = answers.indices.filter { answers[$0].result != nil }
    guard winners.count == 1 else {
      Issue.record("\(winners.count) winners: \(answers)")
      return
    }
    for answer in answers where answer.result == nil {
      #expect(answer.code == -32002, "\(answer)")
      #expect(answer.data?["owner"]?["name"] == .string("\(prefix)\(winners[0])"), "\(answer)")
    }
  }

  @Test func `of many who want the last addresses as many get one as there are`() throws {
    let bench = try PodBench()
    for round in 0..<20 {
      let node: JSON = ["name": .string("small-\(round)")]
      let blocks: JSON = [
        "10.244.\(100 + round).0/29", "fd00:10:244:\(50 + round)::/126",
      ]
      let made = try bench.client.request("node.register", node.with("podCIDRs", blocks))
      try #require(made.result != nil, "\(made)")
      let answers = try Self.race(bench.daemon, "pod.reserve") {
        Self.pod("r\(round)-\($0)").with("node", .string("small-\(round)"))
      }
      // IPv4 has five addresses there, IPv6 two.
      let given = answers.compactMap { $0.result?["podIPs"]?.strings }
      #expect(given.count == 2 && Set(given.joined()).count == 4, "\(answers)")
      let refused = answers.filter { $0.result == nil }
      #expect(refused.allSatisfy { $0.reason == "Exhausted" }, "\(refused)")
      let four = try bench.client.request("range.get", ["cidr": blocks[0] ?? .null])
      #expect(four.result?["reserved"] == "2", "what was refused is free again: \(four)")
    }
  }

  @Test func `many owners at once get different addresses`() throws {
    let bench = try PodBench()
    let daemon = bench.daemon
    let each = 25
    let addresses = try Workers.run(Self.clientCount) { index, gate in
      let client = try daemon.client()
      try gate.pass()
      let ids = try (0..<each).map { number in
        try client.begin("pod.reserve", Self.pod("p\(index)-\(number)"))
      }
      return try ids.flatMap { id in
        try client.answer(to: id).result?["podIPs"]?.strings ?? []
      }
    }
    let all = addresses.flatMap { $0 }
    #expect(all.count == 2 * each * Self.clientCount)
    #expect(Set(all).count == all.count)
    #expect(try bench.newestRevision() == 1 + each * Self.clientCount)
  }

  @Test func `repeats while the first is in flight hear the same`() throws {
    let bench = try PodBench()
    for round in 0..<10 {
      let line = LineClient.request("pod.reserve", Self.pod("p\(round)"), id: 0)
      let count = 50
      let lines = (0..<count).map { line.with("id", .int($0)).line + "\n" }
      try bench.client.send(bytes: Array(lines.joined().utf8))
      let answers = try (0..<count).map { _ in Answer(try bench.client.readJSON()) }
      #expect(Set(answers.compactMap { $0.id?.int }) == Set(0..<count))
      let firsts = answers.filter { $0.result?["existing"] == false }
      #expect(firsts.map(\.id) == [0], "the first one sent is first: \(firsts)")
      let same = Set(answers.map { $0.result?.with("existing", true) })
      #expect(same.count == 1 && !same.contains(nil), "\(answers.prefix(3))")
    }
    #expect(try bench.newestRevision() == 11, "one record each")
  }

  @Test func `requests of one connection about one owner keep their order`() throws {
    let bench = try PodBench()
    let client = bench.client
    let rounds = 40
    var ids: [(reserve: JSON, release: JSON)] = []
    for _ in 0..<rounds {
      ids.append(
        (
          try client.begin("pod.reserve", Self.pod("p")),
          try client.begin("pod.release", PodBench.key("p"))
        ))
    }
    let last = try client.begin("pod.reserve", Self.pod("p"))
    var revision = 1
    for pair in ids {
      let reserved = try client.answer(to: pair.reserve)
      let released = try client.answer(to: pair.release)
      #expect(reserved.result?["existing"] == false, "\(reserved)")
      #expect(released.result?["released"] == reserved.result?["podIPs"], "\(released)")
      #expect(reserved.revision == revision + 1 && released.revision == revision + 2)
      revision += 2
    }
    let held = try client.answer(to: last)
    #expect(held.revision == revision + 1, "\(held)")
    #expect(try client.all("pod.list").count == 1)
  }

  @Test func `another request behind one in flight is a conflict`() throws {
    let bench = try PodBench()
    for round in 0..<10 {
      let pod = Self.pod("p\(round)")
      let first = try bench.client.begin("pod.reserve", pod)
      let other = try bench.client.begin("pod.reserve", pod.with("ipFamilies", ["IPv6"]))
      let gone = try bench.client.begin("pod.release", PodBench.key("p\(round)"))
      let reserved = try bench.client.answer(to: first)
      let refused = try bench.client.answer(to: other)
      let released = try bench.client.answer(to: gone)
      #expect(refused.reason == "Conflict", "\(refused)")
      #expect(released.result?["released"] == reserved.result?["podIPs"], "\(released)")
    }
  }

  @Test func `a Service that is updated while it is made keeps its order`() throws {
    let bench = try PodBench()
    for round in 0..<10 {
      let key = PodBench.key("s\(round)")
      let made = try bench.client.begin("service.reserve", key.with("spec", [:]))
      let wider = try bench.client.begin(
        "service.update", key.with("spec", ["ipFamilyPolicy": "RequireDualStack"]))
      let narrower = try bench.client.begin(
        "service.update", key.with("spec", ["ipFamilyPolicy": "SingleStack"]))
      let gone = try bench.client.begin("service.release", key)
      let answers = try [made, wider, narrower, gone].map { try bench.client.answer(to: $0) }
      let counts = answers.map { $0.result?["spec"]?["clusterIPs"]?.list?.count }
      #expect(counts == [1, 2, 1, nil], "\(answers)")
      let second = answers[1].result?["spec"]?["clusterIPs"]?[1]
      #expect(answers[2].result?["released"] == .array([second ?? .null]), "\(answers[2])")
      #expect(answers[3].result?["released"] == answers[0].result?["spec"]?["clusterIPs"])
    }
  }

  @Test func `a node that goes takes no new pods with it`() throws {
    let bench = try PodBench()
    for round in 0..<10 {
      let name = JSON.string("n\(round)")
      _ = try bench.client.request("node.register", ["name": name])
      let answers = try Workers.run(Self.clientCount) { [daemon = bench.daemon] index, gate in
        let client = try daemon.client()
        try gate.pass()
        guard index > 0 else {
          return try client.request("node.release", ["name": name, "force": true])
        }
        return try client.request(
          "pod.reserve", Self.pod("p\(round)-\(index)").with("node", name))
      }
      #expect(answers[0].result != nil, "\(answers[0])")
      let given = answers.dropFirst().filter { $0.result != nil }
      let others = answers.dropFirst().filter { $0.result == nil }
      #expect(others.allSatisfy { ["NotFound", "Conflict"].contains($0.reason) }, "\(others)")
      #expect(answers[0].result?["releasedPods"]?.list?.count == given.count, "\(answers)")
      #expect(try bench.client.all("pod.list").isEmpty)
    }
  }

  @Test func `a connection reads its own acknowledged writes`() throws {
    let bench = try PodBench()
    let daemon = bench.daemon
    let misses = try Workers.run(Self.clientCount) { index, gate in
      let client = try daemon.client()
      try gate.pass()
      var misses: [String] = []
      for number in 0..<25 {
        let name = "p\(index)-\(number)"
        let made = try client.request("pod.reserve", Self.pod(name))
        let seen = try client.request("pod.get", PodBench.key(name))
        if seen.result?["podIPs"] != made.result?["podIPs"] { misses.append("\(seen)") }
        guard number % 2 == 0 else { continue }
        _ = try client.request("pod.release", PodBench.key(name))
        let gone = try client.request("pod.get", PodBench.key(name))
        if gone.reason != "NotFound" { misses.append("\(gone)") }
      }
      return misses
    }
    let all = misses.flatMap { $0 }
    #expect(all.isEmpty, "\(all.prefix(3))")
  }
}
