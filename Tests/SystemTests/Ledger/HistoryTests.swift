import FaultKit
import Foundation
import Testing

/// Who had an address when.
@Suite(.ownThreads) struct HistoryTests {
  private static func kinds(_ answer: Answer) -> [String] {
    (answer.result?["items"]?.list ?? []).map { item in
      "\(item["type"]?.text ?? "") \(item["owner"]?["name"]?.text ?? "")"
    }
  }

  private static func bench() throws -> PodBench {
    try PodBench(.dual.with { $0.yaml = "quarantineSeconds: 0" })
  }

  @Test(arguments: [true, false])
  func `an address tells who had it, the newest first`(isRestarted: Bool) throws {
    let bench = try Self.bench()
    let held = try bench.reserve("a", ["labels": ["k": "1"]])
    let ip = try #require(held.result?["podIP"])
    _ = try bench.reserve("a", ["labels": ["k": "2"]])
    _ = try bench.release("a")
    _ = try bench.reserve("b", ["ips": [ip], "sticky": true])
    _ = try bench.release("b")
    _ = try bench.client.request("pod.forget", ["namespace": "d", "name": "b"])
    if isRestarted { try bench.restart(killing: true) }
    let history = try bench.client.request("ip.history", ["ip": ip])
    #expect(
      Self.kinds(history)
        == ["Released b", "Released b", "Reserved b", "Released a", "Reserved a"], "\(history)")
    #expect(history.result?["items"]?[0]?["actor"]?.text?.hasPrefix("uid:") == true)
    let two = try bench.client.request("ip.history", ["ip": ip, "limit": 2])
    #expect(Self.kinds(two) == ["Released b", "Released b"])
    #expect(try bench.client.request("ip.history", ["ip": "192.0.2.1"]).result?["items"] == [])
  }

  @Test func `a Service's update gives up what it no longer has`() throws {
    let bench = try Self.bench()
    let key: JSON = ["namespace": "d", "name": "s"]
    let made = try bench.client.request(
      "service.reserve", key.with("spec", ["ipFamilyPolicy": "RequireDualStack"]))
    let second = try #require(made.result?["spec"]?["clusterIPs"]?[1])
    _ = try bench.client.request(
      "service.update", key.with("spec", ["ipFamilyPolicy": "SingleStack"]))
    #expect(
      Self.kinds(try bench.client.request("ip.history", ["ip": second]))
        == ["Released s", "Reserved s"])
    let then = try bench.client.request("ip.get", ["ip": second, "at": 2])
    #expect(then.result?["owner"]?["name"] == "s", "\(then)")
    let now = try bench.client.request("ip.get", ["ip": second, "at": 3])
    #expect(now.result?["state"] == "free", "\(now)")
  }

  @Test(arguments: [[], [3], [5], [3, 4, 5]])
  func `an address that an update added is held since then, today and at any revision`(
    compactions: [Int]
  ) throws {
    let bench = try Self.bench()
    let key: JSON = ["namespace": "d", "name": "s"]
    func update(_ spec: JSON) throws -> Answer {
      // The records of two changes differ by more than what times are written with.
      let last = Self.now()
      _ = try eventually("the clock moves on") { Self.now() > last ? true : nil }
      return try bench.client.request("service.update", key.with("spec", spec))
    }
    _ = try bench.client.request("service.reserve", key.with("spec", [:]))
    let dual = try update(["ipFamilyPolicy": "RequireDualStack"])
    let addresses = try #require(dual.result?["spec"]?["clusterIPs"]?.list, "\(dual)")
    _ = try update(["ipFamilyPolicy": "RequireDualStack", "type": "NodePort"])
    _ = try update(["ipFamilyPolicy": "PreferDualStack", "type": "NodePort"])
    let records = try #require(
      try bench.client.request("ledger.read", ["after": 1]).result?["items"]?.list)
    #expect(records.count == 4)
    _ = try bench.reserve("other")
    for before in compactions {
      let answer = try bench.client.request("ledger.compact", ["before": .int(before)])
      #expect(answer.result?["oldestRevision"]?.int == before, "\(answer)")
    }
    for (address, record) in zip(addresses, records) {
      for at in [JSON?.none, 4, 5] {
        var params: JSON = ["ip": address]
        if let at { params = params.with("at", at) }
        let answer = try bench.client.request("ip.get", params)
        #expect(answer.result?["since"] == record["time"], "\(params) \(answer)")
      }
    }
  }

  @Test func `an address rests in no range once its node is gone, today and in the past`() throws {
    let bench = try PodBench()
    let ip = try #require(try bench.reserve("a").result?["podIP"])
    _ = try bench.release("a")
    _ = try bench.client.request("node.release", ["name": "w"])
    for at: JSON in [3, 4] {
      let then = try bench.client.request("ip.get", ["ip": ip, "at": at])
      #expect(then.result?["state"] == "outOfRange", "\(then)")
    }
    #expect(try bench.state(ip.text ?? "") == "outOfRange")
  }

  @Test func `the past is asked for by revision and by time`() throws {
    let bench = try Self.bench()
    let ip = try #require(try bench.reserve("a").result?["podIP"])
    let records = try bench.client.request("ledger.read", ["after": 1])
    let reserved = try #require(records.result?["items"]?[0]?["time"])
    _ = try eventually("the clock moves on") {
      try bench.client.request("server.ping")
      return Self.now() > reserved.text ?? "" ? true : nil
    }
    _ = try bench.release("a")
    _ = try bench.reserve("b", ["ips": [ip]])
    func owner(_ at: JSON) throws -> String? {
      let answer = try bench.client.request("ip.get", ["ip": ip, "at": at])
      return answer.result?["owner"]?["name"]?.text ?? answer.result?["state"]?.text
    }
    #expect(try owner(1) == "free")
    #expect(try owner(2) == "a")
    #expect(try owner(3) == "free")
    #expect(try owner(4) == "b")
    #expect(try owner(reserved) == "a")
    #expect(try owner("1999-01-01T00:00:00Z") == "free")
    for future: JSON in [5, "2999-01-01T00:00:00Z"] {
      let answer = try bench.client.request("ip.get", ["ip": ip, "at": future])
      #expect(answer.causes == ["at Invalid"], "\(answer)")
    }
    for wrong: JSON in [true, "yesterday", -1] {
      let answer = try bench.client.request("ip.get", ["ip": ip, "at": wrong])
      #expect(answer.causes == ["at Invalid"], "\(answer)")
    }
  }

  private static func now() -> String {
    Date.now.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
      + "Z"
  }
}
