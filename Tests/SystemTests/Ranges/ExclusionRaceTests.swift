import Addressing
import FaultKit
import Testing

/// Blocks that are excluded while pods come and go in them.
@Suite(.ownThreads) struct ExclusionRaceTests {
  private static let rounds = 12

  @Test func `no record behind an exclusion gives one of its addresses, and it names every holder`()
    throws
  {
    let bench = try PodBench(DaemonSetup.dual.with { $0.yaml = "quarantineSeconds: 0" })
    let daemon = bench.daemon
    let named = try Workers.run(5) { index, gate -> [Int: Set<String>] in
      let client = try daemon.client()
      try gate.pass()
      guard index == 0 else {
        try Self.comeAndGo(client, index)
        return [:]
      }
      return try Self.excludeAndInclude(client)
    }
    try Self.check(bench.client, against: named[0])
  }

  private static func comeAndGo(_ client: LineClient, _ index: Int) throws {
    for count in 0..<150 {
      let names = (0..<4).map { PodBench.key("p\(index)-\(count)-\($0)") }
      for id in try names.map({ try client.begin("pod.reserve", $0.with("node", "w")) }) {
        _ = try client.answer(to: id)
      }
      for id in try names.dropLast().map({ try client.begin("pod.release", $0) }) {
        _ = try client.answer(to: id)
      }
    }
  }

  /// The holders that each exclusion named, by its revision.
  private static func excludeAndInclude(_ client: LineClient) throws -> [Int: Set<String>] {
    var named: [Int: Set<String>] = [:]
    for round in 0..<rounds {
      let blocks: JSON = ["cidrs": [.string(round % 2 == 0 ? "10.244.0.0/25" : "10.244.0.128/25")]]
      let excluded = try client.request("range.exclude", blocks)
      let revision = try #require(excluded.revision, "\(excluded)")
      let held = excluded.result?["held"]?.list ?? []
      named[revision] = Set(held.compactMap { $0["name"]?.text })
      _ = try client.request("range.include", blocks)
    }
    return named
  }

  /// Goes through the records in their order.
  private static func check(_ client: LineClient, against named: [Int: Set<String>]) throws {
    var after = 0
    var excluded: [CIDR] = []
    var holders: [String: IPAddress] = [:]
    var seen = 0
    while true {
      let page = try client.request("ledger.read", ["after": .int(after), "limit": 1000])
      let records = page.result?["items"]?.list ?? []
      guard let last = records.last?["revision"]?.int else { break }
      after = last
      for record in records {
        let object = record["object"]
        if record["kind"] == "Range" {
          excluded = (object?["excluded"]?.list ?? []).compactMap {
            $0["cidr"]?.text.flatMap { CIDR($0) }
          }
          guard let revision = record["revision"]?.int, let names = named[revision] else {
            continue
          }
          seen += 1
          let inside = holders.filter { holder in
            excluded.contains { $0.contains(holder.value) }
          }
          // Those who released theirs before the answer was written are not named any more.
          #expect(names.isSubset(of: Set(inside.keys)), "\(revision)")
        } else if record["kind"] == "Pod" {
          let name = try #require(object?["name"]?.text)
          let address = try #require(object?["podIPs"]?.list?.first?.text.flatMap { IPAddress($0) })
          if record["type"] == "Reserved" {
            #expect(!excluded.contains { $0.contains(address) }, "\(record)")
            holders[name] = address
          } else {
            holders[name] = nil
          }
        }
      }
    }
    #expect(seen == rounds)
  }
}
