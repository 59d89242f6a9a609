import FaultKit
import Testing

/// Leases and kept addresses, by the daemon's own clock and across its death.
@Suite(.ownThreads) struct LeaseTests {
  @Test func `a lease ends within a second after its time`() throws {
    let bench = try PodBench()
    let reserved = try bench.reserve("p", ["ttlSeconds": 1])
    let ip = try #require(reserved.result?["podIP"])
    #expect(try bench.client.request("pod.get", ["ip": ip]).result?["expiresAt"]?.text != nil)
    _ = try eventually("the lease ends", within: Deadline(seconds: 2)) {
      try bench.client.request("pod.get", ["ip": ip]).error
    }
    let state = try bench.client.request("ip.get", ["ip": ip])
    #expect(state.result?["state"] == "quarantined", "\(state)")
  }

  @Test func `a lease that ended while the daemon was dead ends at its start`() throws {
    let bench = try PodBench()
    _ = try bench.reserve("short", ["ttlSeconds": 1])
    _ = try bench.reserve("long", ["ttlSeconds": 3600])
    try bench.daemon.kill()
    let daemon = try bench.daemon.startAgain()
    let client = try daemon.client()
    _ = try eventually("the lease ends", within: Deadline(seconds: 2)) {
      try client.request("pod.get", ["namespace": "d", "name": "short"]).error
    }
    let long = try client.request("pod.get", ["namespace": "d", "name": "long"])
    #expect(long.result?["expiresAt"] != nil, "\(long)")
  }

  @Test func `a sticky pod finds its addresses after its own and the daemon's death`() throws {
    let bench = try PodBench()
    let key: JSON = ["containerID": "a", "sticky": true]
    let held = try bench.reserve("db-0", key)
    _ = try bench.release("db-0", ["containerID": "a"])
    _ = try bench.reserve("other")
    try bench.daemon.kill()
    let daemon = try bench.daemon.startAgain()
    let client = try daemon.client()
    let state = try client.request("ip.get", ["ip": try #require(held.result?["podIP"])])
    #expect(state.result?["kept"] == true, "\(state)")
    let again = try client.request(
      "pod.reserve",
      ["node": "w", "namespace": "d", "name": "db-0", "containerID": "b", "sticky": true])
    #expect(again.result?["podIPs"] == held.result?["podIPs"], "\(again)")
    #expect(again.result?["existing"] == false)
  }
}
