import FaultKit
import Testing

/// GC, CHECK and STATUS with a real daemon.
@Suite(.ownThreads) struct CNICollectionTests {
  private static func collect(
    _ bench: CNIBench, _ valid: JSON, network: String = "pods", ipam: JSON = [:],
    key: String = "cni.dev/valid-attachments"
  ) throws -> CNIBench.Run {
    let config = bench.config(
      network: network, ipam: ipam.with("collectAfterSeconds", .int(0)), [key: valid])
    return try bench.run("GC", config: config)
  }

  private static func containers(_ bench: CNIBench) throws -> Set<String> {
    Set(try bench.client().all("pod.list").compactMap { $0["containerID"]?.text })
  }

  @Test func `what is not valid goes, and what is valid stays`() throws {
    let bench = try CNIBench()
    for name in ["a", "b", "c"] { _ = try bench.run("ADD", name) }
    _ = try bench.run("ADD", "d", arguments: CNIBench.kubernetes("d"))
    _ = try bench.run("ADD", "a", interface: "eth1")
    let valid: JSON = [
      ["containerID": "a", "ifname": "eth0"], ["containerID": "stranger", "ifname": "eth0"],
      ["containerID": "c", "ifname": "eth9"],
    ]
    let collected = try Self.collect(bench, valid)
    #expect(collected.isSuccess && collected.output.isEmpty, "\(collected)")
    let left = try bench.held()
    #expect(left.map { $0["containerID"] } == ["a"], "\(left)")
    #expect(left.first?["interface"] == "eth0")
  }

  @Test func `a list that is longer than a line of the protocol frees nobody who lives`() throws {
    let bench = try CNIBench()
    for name in ["a", "b", "c"] { _ = try bench.run("ADD", name) }
    let strangers = (0..<15_000).map { number -> JSON in
      let name = String(repeating: "0", count: 58) + "\(100_000 + number)"
      return ["containerID": .string(name), "ifname": "eth0"]
    }
    let ends: [JSON] = [
      ["containerID": "a", "ifname": "eth0"], ["containerID": "c", "ifname": "eth0"],
    ]
    let collected = try Self.collect(bench, .array([ends[0]] + strangers + [ends[1]]))
    #expect(collected.isSuccess, "\(collected)")
    #expect(try Self.containers(bench) == ["a", "c"])
  }

  @Test func `what does not fit into a transaction is collected one by one`() throws {
    let bench = try CNIBench(.dual.with { $0.yaml = "limits: {batch: 2}" })
    for name in ["a", "b", "c", "d"] { _ = try bench.run("ADD", name) }
    let collected = try Self.collect(bench, [["containerID": "b", "ifname": "eth0"]])
    #expect(collected.isSuccess, "\(collected)")
    #expect(try Self.containers(bench) == ["b"])
  }

  @Test(arguments: ["cni.dev/valid-attachments", "cni.dev/attachments"])
  func `null is an empty list, under both names`(key: String) throws {
    let bench = try CNIBench()
    _ = try bench.run("ADD", "a")
    #expect(try Self.collect(bench, .null, key: key).isSuccess)
    #expect(try bench.held().isEmpty)
  }

  @Test func `other networks, other nodes and other clients of the daemon are left alone`() throws {
    let bench = try CNIBench(
      .dual.with { $0.yaml = #"pools: [{name: storage, cidrs: 10.50.0.0/24}]"# })
    _ = try bench.run("ADD", "mine")
    _ = try bench.run("ADD", "other", config: bench.config(network: "second"))
    _ = try bench.run("ADD", "pooled", config: bench.config(ipam: ["pool": "storage"]))
    let away = bench.config(ipam: ["node": "x", "autoRegisterNode": true])
    _ = try bench.run("ADD", "away", config: away)
    let client = try bench.client()
    _ = try client.request(
      "pod.reserve",
      ["node": "w", "namespace": "ns", "name": "direct", "containerID": "direct"])
    #expect(try Self.collect(bench, []).isSuccess)
    #expect(try Self.containers(bench) == ["other", "pooled", "away", "direct"])
    #expect(try Self.collect(bench, [], network: "second").isSuccess)
    #expect(try Self.collect(bench, [], ipam: ["pool": "storage"]).isSuccess)
    #expect(try Self.containers(bench) == ["away", "direct"])
  }

  @Test func `a check holds the previous result against the ledger`() throws {
    let bench = try CNIBench()
    let added = try bench.run("ADD", "c1")
    let ips = added.json?["ips"]?.list ?? []
    func check(_ container: String, _ ips: [JSON], _ version: String = "1.1.0") throws -> Int? {
      let config = bench.config(version, ["prevResult": ["ips": .array(ips)]])
      let run = try bench.run("CHECK", container, config: config)
      #expect(run.isSuccess == run.output.isEmpty, "\(run)")
      return run.code
    }
    let foreign: JSON = ["address": "192.0.2.7/24", "interface": .int(2)]
    #expect(try check("c1", ips) == nil)
    #expect(try check("c1", ips + [foreign], "0.4.0") == nil)
    #expect(try check("c1", [foreign]) == 106, "what is held is not in the result")
    #expect(try check("c1", ips + [["address": "10.244.0.9/24"]]) == 106, "what is not held is")
    #expect(try check("c2", ips) == 106)
    #expect(try check("c1", [["address": "junk"]]) == 7)
    #expect(try bench.run("CHECK", "c1").code == 7, "no prevResult")
    #expect(try check("c1", ips, "0.3.1") == 1)
    _ = try bench.run("DEL", "c1")
    #expect(try check("c1", ips) == 106)
  }

  @Test func `STATUS is about the node, and about room only where that is wanted`() throws {
    let bench = try CNIBench(
      DaemonSetup(clusterCIDR: "10.20.0.0/29").with {
        $0.masks.ipv4 = 30
        $0.yaml = "quarantineSeconds: 0"
      }, registersNode: false)
    func status(_ ipam: JSON = [:], _ version: String = "1.1.0") throws -> Int? {
      let run = try bench.run("STATUS", config: bench.config(version, ipam: ipam))
      #expect(run.isSuccess == run.output.isEmpty, "\(run)")
      return run.code
    }
    #expect(try status() == 50, "no such node")
    #expect(try status(["autoRegisterNode": true]) == nil)
    let register = bench.config(ipam: ["autoRegisterNode": true])
    #expect(try bench.run("ADD", "c1", config: register).isSuccess)
    #expect(try status() == nil, "the node is full, which is no reason by itself")
    #expect(try status(["notReadyWhenFull": true]) == 50)
    _ = try bench.run("DEL", "c1")
    #expect(try status(["notReadyWhenFull": true]) == nil)
    #expect(try status([:], "1.0.0") == 1)
    #expect(try bench.run("GC", config: bench.config("1.0.0")).code == 1)
  }
}
