import FaultKit
import Testing

/// Pods of named networks get their addresses from pools.
@Suite(.ownThreads) struct PoolTests {
  private static let setup = DaemonSetup.dual.with {
    $0.yaml = """
      quarantineSeconds: 0
      pools:
        - {name: storage, cidrs: [10.50.0.0/29, "fd00:50::/64"]}
        - {name: backup, cidrs: 10.51.0.0/24}
      """
  }

  @Test func `a network's addresses come from its pool, in a pool's own order`() throws {
    let bench = try PodBench(Self.setup, nodes: ["w": [], "x": []])
    let eth = try bench.reserve("p")
    let net = try bench.reserve("p", ["network": "storage"])
    #expect(net.result?["podIPs"] == ["10.50.0.2", "fd00:50::2"], "\(net)")
    #expect(net.result?["prefixLengths"] == [29, 64])
    #expect(net.result?["gateways"] == ["10.50.0.1", "fd00:50::1"])
    #expect(net.result?["node"] == "w")
    let other = try bench.reserve("q", ["network": "storage", "node": "x"])
    #expect(other.result?["podIP"] == "10.50.0.3")
    #expect(other.result?["node"] == "x")
    _ = try bench.release("q", ["network": "storage"])
    try bench.restart(killing: true)
    let again = try bench.reserve("p", ["network": "storage"])
    #expect(again.result?["podIPs"] == net.result?["podIPs"] && again.result?["existing"] == true)
    let next = try bench.reserve("r", ["network": "storage"])
    #expect(next.result?["podIP"] == "10.50.0.4", "the cursor is the pool's: \(next)")
    #expect(try bench.reserve("p").result?["podIPs"] == eth.result?["podIPs"])
    let backup = try bench.reserve("p", ["network": "backup"])
    #expect(backup.result?["podIPs"] == ["10.51.0.2"])
  }

  @Test func `pools are listed, looked up and counted`() throws {
    let bench = try PodBench(Self.setup)
    _ = try bench.reserve("p", ["network": "storage"])
    _ = try bench.reserve("p")
    let ranges = try bench.client.all("range.list").filter { $0["purpose"] == "pool" }
    #expect(
      ranges.map { $0["name"]?.text } == ["backup-ipv4", "storage-ipv4", "storage-ipv6"])
    #expect(ranges[1]["reserved"] == "1")
    #expect(ranges[1]["capacity"] == "5")
    let held = try bench.client.request("ip.get", ["ip": "10.50.0.2"])
    #expect(held.result?["owner"]?["network"] == "storage", "\(held)")
    #expect(held.result?["range"] == "10.50.0.0/29")
    let names = try bench.client.all("pod.list").compactMap { $0["network"]?.text }
    #expect(names == ["default", "storage"])
    let storage = try bench.client.all("pod.list", ["network": "storage", "namespace": "d"])
    #expect(storage.count == 1)
    #expect(try bench.client.all("pod.list", ["namespace": "other"]).isEmpty)
  }

  @Test func `what a pool does not have is said`() throws {
    let bench = try PodBench(Self.setup)
    let unknown = try bench.reserve("p", ["network": "nowhere"])
    #expect(unknown.reason == "NotFound" && unknown.causes == ["network Invalid"], "\(unknown)")
    let family = try bench.reserve("p", ["network": "backup", "ipFamilies": ["IPv6"]])
    #expect(family.causes == ["ipFamilies[0] Invalid"], "\(family)")
    let outside = try bench.reserve("p", ["network": "storage", "ips": ["10.51.0.9"]])
    #expect(outside.reason == "OutOfRange", "\(outside)")
    for index in 0..<5 { _ = try bench.reserve("p\(index)", ["network": "storage"]) }
    let full = try bench.reserve("p", ["network": "storage"])
    #expect(full.reason == "Exhausted" && full.data?["range"] == "10.50.0.0/29", "\(full)")
  }

  @Test func `a pool's reservations are reconciled, sticky and all released as others are`() throws
  {
    let bench = try PodBench(Self.setup)
    _ = try bench.reserve("p", ["network": "storage", "containerID": "c"])
    _ = try bench.reserve("p", ["containerID": "c"])
    let gone = try bench.client.request(
      "pod.reconcile",
      ["node": "w", "network": "storage", "live": [], "olderThanSeconds": 0])
    #expect(gone.result?["released"]?.list?.count == 1, "\(gone)")
    let sticky: JSON = ["network": "storage", "containerID": "d", "sticky": true]
    let held = try bench.reserve("db", sticky)
    _ = try bench.release("db", ["network": "storage", "containerID": "d"])
    let again = try bench.reserve("db", ["network": "storage", "containerID": "e"])
    #expect(again.result?["podIPs"] == held.result?["podIPs"])
    _ = try bench.reserve("db")
    let all = try bench.release("db", ["all": true])
    #expect(all.result?["released"]?.list?.count == 4, "\(all)")
  }

  @Test func `a pool that is gone while pods hold its addresses stops the start`() throws {
    let bench = try PodBench(Self.setup)
    _ = try bench.reserve("p", ["network": "storage"])
    try bench.daemon.stop()
    #expect(throws: HarnessFailure.self) { try bench.daemon.startAgain(.dual) }
  }
}
