import FaultKit
import Testing

/// The real bridge and ptp plugins with the real plugin under them, and pods that reach each other.
@Suite(.ownThreads, .enabled(if: Environment.isRoot)) struct CNINetworkTests {
  private static func config(_ bench: CNIBench, _ version: String = "1.0.0") -> String {
    bench.config(
      version, ipam: ["routes": [["dst": "0.0.0.0/0"], ["dst": "::/0"]]],
      ["bridge": "cni0", "isGateway": true])
  }

  @Test(arguments: ["0.3.1", "0.4.0", "1.0.0"])
  func `pods reach each other over both families`(version: String) throws {
    let bench = try CNIBench()
    let network = try PodNetwork()
    let config = Self.config(bench, version)
    var results: [JSON] = []
    for pod in ["a", "b"] {
      try network.add(pod)
      let added = try network.plugin(
        "ADD", pod, config: config, arguments: CNIBench.kubernetes(pod))
      results.append(try #require(added.json, "\(added)"))
      #expect(added.addresses.count == 2, "\(added)")
    }
    #expect(results.map { $0["ips"]?[0]?["address"] } == ["10.244.0.2/24", "10.244.0.3/24"])
    for address in ["10.244.0.3", "fd00:10:244::3", "10.244.0.1", "fd00:10:244::1"] {
      try network.ping(from: "a", address)
    }
    try network.ping(from: "b", "fd00:10:244::2")
    if version != "0.3.1" {
      let checked = try network.plugin(
        "CHECK", "a", config: Self.with(results[0], config),
        arguments: CNIBench.kubernetes("a"))
      #expect(checked.isSuccess, "\(checked)")
    }
    for pod in ["a", "b", "a"] {
      let deleted = try network.plugin("DEL", pod, config: config)
      #expect(deleted.isSuccess && deleted.output.isEmpty, "\(deleted)")
    }
    #expect(try bench.held().isEmpty)
  }

  @Test func `pods of ptp, which takes every gateway from the result, reach each other`() throws {
    let bench = try CNIBench(.dualIPv6First)
    let network = try PodNetwork()
    for setting in ["ipv4/ip_forward", "ipv6/conf/all/forwarding"] {
      try network.run("host", ["sh", "-c", "echo 1 > /proc/sys/net/\(setting)"])
    }
    let config = Self.config(bench)
    for pod in ["a", "b"] {
      try network.add(pod)
      let added = try network.plugin("ADD", pod, config: config, name: "ptp")
      #expect(added.addresses.first?.hasPrefix("fd00:10:244::") == true, "\(added)")
    }
    for address in ["10.244.0.3", "fd00:10:244::3"] { try network.ping(from: "a", address) }
    for pod in ["a", "b"] {
      #expect(try network.plugin("DEL", pod, config: config, name: "ptp").isSuccess)
    }
    #expect(try bench.held().isEmpty)
  }

  @Test func `a daemon that dies between ADD and DEL costs no address`() throws {
    let bench = try CNIBench()
    let network = try PodNetwork()
    let config = Self.config(bench)
    for pod in ["a", "b"] {
      try network.add(pod)
      #expect(try network.plugin("ADD", pod, config: config).isSuccess)
    }
    try bench.kill()
    let away = try network.plugin("DEL", "a", config: config)
    #expect(away.code == 11, "the code comes through the main plugin: \(away)")
    try network.ping(from: "b", "10.244.0.1")
    try bench.startAgain()
    for pod in ["a", "b"] {
      let deleted = try network.plugin("DEL", pod, config: config)
      #expect(deleted.isSuccess, "\(deleted)")
    }
    #expect(try bench.held().isEmpty)
  }

  private static func with(_ result: JSON, _ config: String) -> String {
    JSON(parsing: config)?.with("prevResult", result).line ?? config
  }
}
