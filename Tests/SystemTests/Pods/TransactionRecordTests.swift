import FaultKit
import Testing

/// What the records of one transaction say about objects that it makes itself.
@Suite(.ownThreads) struct TransactionRecordTests {
  private static func call(_ method: String, _ params: JSON) -> JSON {
    ["method": .string(method), "params": params]
  }

  private static let pod: JSON = ["node": "w", "namespace": "d", "name": "p"]
  private static let key: JSON = ["namespace": "d", "name": "p"]

  private static func transaction(_ bench: PodBench, _ calls: JSON...) throws -> JSON {
    let answer = try bench.client.request("transaction", ["ops": .array(calls)])
    return try #require(answer.result, "\(answer)")
  }

  private static func results(_ bench: PodBench, _ calls: JSON...) throws -> [JSON] {
    let answer = try bench.client.request("transaction", ["ops": .array(calls)])
    return try #require(answer.result?["results"]?.list, "\(answer)")
  }

  private static func expectWell(_ bench: PodBench) throws {
    let verdict = try #require(try bench.client.request("ledger.verify").result)
    #expect(verdict["problems"] == [], "\(verdict)")
  }

  @Test func `a sticky pod that is reserved and released at once is as the records say`() throws {
    let bench = try PodBench()
    _ = try Self.transaction(
      bench, Self.call("pod.reserve", Self.pod.with("sticky", true)),
      Self.call("pod.release", Self.key))
    try Self.expectWell(bench)
    try bench.restart(killing: true)
    try Self.expectWell(bench)
  }

  @Test func `a repeat keeps the generation of the reserve before it`() throws {
    let bench = try PodBench()
    let results = try Self.results(
      bench, Self.call("pod.reserve", Self.pod),
      Self.call("pod.reserve", Self.pod.with("labels", ["k": "v"])))
    let generation = try #require(results[0]["revision"])
    #expect(results[1]["revision"] == generation)
    #expect(results[1]["existing"] == true)
    for isKilled in [false, true] {
      if isKilled { try bench.restart(killing: true) }
      #expect(try bench.client.request("pod.get", Self.key).result?["revision"] == generation)
    }
    try Self.expectWell(bench)
    let release = Self.key.with("ifRevision", generation)
    #expect(try bench.client.request("pod.release", release).result?["released"] != [])
  }

  @Test func `a registration that is repeated with other addresses keeps its generation`() throws {
    let bench = try PodBench()
    let results = try Self.results(
      bench, Self.call("node.register", ["name": "m"]),
      Self.call("node.register", ["name": "m", "nodeIPs": ["192.0.2.7"]]))
    #expect(results[0]["revision"] == results[1]["revision"])
    let found = try bench.client.request("node.get", ["name": "m"]).result
    #expect(found?["revision"] == results[0]["revision"])
    #expect(found?["nodeIPs"] == ["192.0.2.7"])
  }

  @Test func `pods that go with their node are told as they were, made by the same transaction`()
    throws
  {
    let bench = try PodBench()
    let results = try Self.results(
      bench, Self.call("node.register", ["name": "m"]),
      Self.call("pod.reserve", ["node": "m", "namespace": "d", "name": "y"]),
      Self.call("node.release", ["name": "m", "force": true]))
    let released = try #require(results[2]["releasedPods"]?.list?.first)
    #expect(released["revision"] == results[1]["revision"])
    #expect(released["reservedAt"]?.text?.hasPrefix("1970") == false, "\(released)")
    let after = try #require(results[0]["revision"]?.int) - 1
    let records = try bench.client.request("ledger.read", ["after": .int(after)]).result
    let ended = records?["items"]?.list?.filter { $0["type"] == "Released" && $0["kind"] == "Pod" }
    #expect(ended?.first?["object"]?["revision"] == results[1]["revision"], "\(records ?? .null)")
  }
}
