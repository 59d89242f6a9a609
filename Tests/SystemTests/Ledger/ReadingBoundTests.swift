import FaultKit
import Testing

/// What clients that ask for much of the ledger cost.
@Suite(.ownThreads) struct ReadingBoundTests {
  @Test func `a client that asks for the ledger again and again and reads nothing costs little`()
    throws
  {
    let bench = try PodBench()
    for round in 0..<10 {
      let calls = (0..<200).map { call -> JSON in
        let pod = PodBench.key("p-\(call)")
        return round.isMultiple(of: 2)
          ? ["method": "pod.reserve", "params": pod.with("node", "w")]
          : ["method": "pod.release", "params": pod]
      }
      _ = try bench.client.request("transaction", ["ops": .array(calls)])
    }
    let before = try bench.daemon.residentBytes()
    let deaf = try bench.daemon.client()
    let request = #"{"id":1,"method":"ledger.read","params":{"after":1,"limit":1000}}"#
    try deaf.send(line: Array(repeating: request, count: 400).joined(separator: "\n"))
    _ = try eventually("it is not read from any more") {
      let stats = try bench.client.request("server.stats").result
      return stats?["connections"]?["paused"]?.int == 1 ? true : nil
    }
    // Readings are done in the order asked: what it may have had read by now has been read.
    _ = try bench.client.request("ledger.read", ["after": 1, "limit": 1])
    #expect(try bench.daemon.residentBytes() < before + 32 << 20)
    for _ in 0..<20 {
      #expect(try deaf.readJSON()["result"]?["items"]?.list?.count == 1000)
    }
  }

  @Test func `readings of one connection that wait for each other are all answered`() throws {
    let bench = try PodBench()
    let ip = try #require(try bench.reserve("p").result?["podIP"])
    let ids = try (0..<50).map { _ in try bench.client.begin("ip.history", ["ip": ip]) }
    let other = try bench.client.begin("pod.release", PodBench.key("p"))
    for id in ids {
      let answer = try bench.client.answer(to: id)
      #expect(answer.result?["items"]?.list?.isEmpty == false, "\(answer)")
    }
    #expect(try bench.client.answer(to: other).result?["released"]?.list?.count == 2)
    let batch = (0..<20).map { LineClient.request("ip.history", ["ip": ip], id: .int($0)) }
    try bench.client.send(line: JSON.array(batch).line)
    #expect(try bench.client.readJSON().list?.count == 20)
  }
}
