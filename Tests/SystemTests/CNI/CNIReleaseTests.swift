import FaultKit
import Testing

/// DEL and GC with a real daemon: nothing leaks, and nothing that lives is taken.
@Suite(.ownThreads) struct CNIReleaseTests {
  @Test func `a deletion succeeds the first time, the third time, and for strangers`() throws {
    let bench = try CNIBench()
    _ = try bench.run("ADD", "c1")
    for container in ["c1", "c1", "c1", "never"] {
      let deleted = try bench.run("DEL", container)
      #expect(deleted.isSuccess && deleted.output.isEmpty, "\(deleted)")
    }
    #expect(try bench.held().isEmpty)
  }

  @Test(arguments: ["", CNIBench.kubernetes("web"), "IP;K8S_POD_NAME=web;junk"])
  func `a deletion needs no arguments of ADD`(arguments: String) throws {
    let bench = try CNIBench()
    _ = try bench.run("ADD", "c1", arguments: CNIBench.kubernetes("web"))
    _ = try bench.run("ADD", "c1", interface: "eth1", arguments: CNIBench.kubernetes("web"))
    _ = try bench.run("ADD", "c2")
    let deleted = try bench.run("DEL", "c1", arguments: arguments)
    #expect(deleted.isSuccess, "\(deleted)")
    let left = try bench.held().compactMap { pod in
      pod["containerID"]?.text.map { $0 + " " + (pod["interface"]?.text ?? "") }
    }
    #expect(Set(left) == ["c1 eth1", "c2 eth0"], "\(left)")
  }

  @Test func `a configuration that has changed since ADD is no reason to keep the addresses`()
    throws
  {
    let bench = try CNIBench(
      .dual.with { $0.yaml = #"pools: [{name: storage, cidrs: 10.50.0.0/24}]"# })
    _ = try bench.run("ADD", "c1", config: bench.config(ipam: ["pool": "storage"]))
    _ = try bench.run(
      "ADD", "c1", config: bench.config(network: "second", ipam: ["pool": "storage"]))
    let changed = bench.config(
      "0.4.0", ipam: ["routes": 7, "ranges": "junk", "timeoutSeconds": -1, "pool": []])
    #expect(try bench.run("DEL", "c1", config: changed).isSuccess)
    #expect(try bench.held().map { $0["namespace"] } == ["second"])
  }

  @Test func `a daemon that is away is an error to repeat, never a success`() throws {
    let bench = try CNIBench()
    let added = try bench.run("ADD", "c1")
    try bench.kill()
    for command in ["ADD", "DEL"] {
      let away = try bench.run(command, "c1")
      #expect(away.code == 11, "\(away)")
      #expect(away.json?["msg"] == "ipledger is not reachable", "\(away)")
    }
    let status = try bench.run("STATUS")
    #expect(status.code == 50, "\(status)")
    try bench.startAgain()
    #expect(try bench.run("ADD", "c1").output == added.output)
    #expect(try bench.run("DEL", "c1").isSuccess)
    #expect(try bench.held().isEmpty)
    #expect(try bench.run("STATUS").isSuccess)
  }

  @Test func `a node that is gone holds nothing`() throws {
    let bench = try CNIBench(registersNode: false)
    #expect(try bench.run("DEL", "c1").isSuccess)
    let pool = bench.config(ipam: ["pool": "nowhere"])
    #expect(try bench.run("DEL", "c1", config: pool).isSuccess)
  }

  /// The age of a reservation that GC may take passes by the daemon's clock: none is that old here.
  @Test func `a collection takes nothing that is young`() throws {
    let bench = try CNIBench()
    _ = try bench.run("ADD", "c1")
    let config = bench.config("1.1.0", ["cni.dev/valid-attachments": []])
    let collected = try bench.run("GC", config: config)
    #expect(collected.isSuccess && collected.output.isEmpty, "\(collected)")
    #expect(try bench.held().count == 1)
  }

  @Test func `a collection without its list is refused`() throws {
    let bench = try CNIBench()
    let collected = try bench.run("GC")
    #expect(collected.code == 7, "\(collected)")
    for entry: JSON in [["containerID": "c1"], ["ifname": "eth0"], "c1"] {
      let config = bench.config("1.1.0", ["cni.dev/valid-attachments": [entry]])
      #expect(try bench.run("GC", config: config).code == 7, "\(entry)")
    }
  }
}
