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
