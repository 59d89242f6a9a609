import FaultKit
import Testing

/// ADD with a real daemon.
@Suite(.ownThreads) struct CNIAddTests {
  @Test(arguments: [Cluster.ipv4, .ipv6, .dualIPv4First, .dualIPv6First])
  func `an attachment gets an address of each family, in the cluster's order`(
    cluster: Cluster
  ) throws {
    let bench = try CNIBench(cluster.setup)
    let added = try bench.run("ADD", "c1")
    let text = ["IPv4": "10.244.0.2/24", "IPv6": "fd00:10:244::2/64"]
    #expect(added.addresses == cluster.families.compactMap { text[$0.rawValue] }, "\(added)")
    #expect(added.json?["ips"]?[0]?["gateway"] != nil, "\(added)")
    #expect(added.json?["cniVersion"] == "1.1.0")
    #expect(added.isSuccess && added.errors.isEmpty, "\(added)")
  }

  @Test func `a repeat gets the same addresses, also after a power loss`() throws {
    let bench = try CNIBench()
    let first = try bench.run("ADD", "c1")
    #expect(try bench.run("ADD", "c1").output == first.output)
    try bench.kill()
    try bench.startAgain()
    #expect(try bench.run("ADD", "c1").output == first.output)
    #expect(try bench.held().count == 1)
    #expect(try bench.run("ADD", "c1", interface: "eth1").addresses != first.addresses)
    #expect(try bench.run("ADD", "c2").addresses != first.addresses)
  }

  @Test func `the pod that Kubernetes names is the owner, whatever else is in CNI_ARGS`() throws {
    let bench = try CNIBench()
    let added = try bench.run("ADD", "c1", arguments: CNIBench.kubernetes("web") + ";X=y")
    #expect(added.isSuccess, "\(added)")
    let pod = try bench.held().first
    #expect(pod?["namespace"] == "ns" && pod?["name"] == "web", "\(String(describing: pod))")
    #expect(pod?["uid"] == "u-web" && pod?["containerID"] == "c1")
    #expect(pod?["labels"]?["cni-network"] == "pods")
  }

  @Test func `a runtime that names no namespace has the network's name there`() throws {
    let bench = try CNIBench()
    _ = try bench.run("ADD", "c1", arguments: "IgnoreUnknown=1;K8S_POD_NAME=web")
    let pod = try bench.held().first
    #expect(pod?["namespace"] == "pods" && pod?["name"] == "c1", "\(String(describing: pod))")
    #expect(pod?["labels"]?["cni-pod"] == "web")
  }

  @Test func `an address that is asked for is given once, and to nobody else`() throws {
    let bench = try CNIBench()
    let asking: JSON = ["runtimeConfig": ["ips": ["10.244.0.77/16", "FD00:10:244::4D"]]]
    let config = bench.config("1.1.0", asking)
    let added = try bench.run("ADD", "c1", config: config)
    #expect(added.addresses == ["10.244.0.77/24", "fd00:10:244::4d/64"], "\(added)")
    let taken = try bench.run("ADD", "c2", config: config)
    #expect(taken.code == 101, "\(taken)")
    for address in ["10.244.0.1", "10.244.0.0", "192.0.2.1"] {
      let never = try bench.run("ADD", "c3", arguments: "IP=\(address)")
      #expect(never.code == 102, "\(never)")
    }
    #expect(try bench.held().count == 1)
  }

  @Test func `a repeat that asks for what is held gets it, and for anything else an error`() throws
  {
    let bench = try CNIBench()
    let first = try bench.run("ADD", "c1")
    let same = try bench.run("ADD", "c1", arguments: "IP=10.244.0.2")
    #expect(same.output == first.output, "\(same)")
    let other = try bench.run("ADD", "c1", arguments: "IP=10.244.0.9")
    #expect(other.code == 105, "\(other)")
    #expect(try bench.run("ADD", "c1").output == first.output)
    let fixed = try bench.run("ADD", "c2", arguments: "IP=10.244.0.9")
    #expect(fixed.addresses.first == "10.244.0.9/24")
    #expect(try bench.run("ADD", "c2").output == fixed.output)
  }

  @Test func `a node that the daemon does not know is registered only when that is wanted`() throws
  {
    let bench = try CNIBench(registersNode: false)
    let unknown = try bench.run("ADD", "c1")
    #expect(unknown.code == 103, "\(unknown)")
    let config = bench.config(ipam: ["autoRegisterNode": true])
    #expect(try bench.run("ADD", "c1", config: config).addresses.first == "10.244.0.2/24")
  }

  @Test func `a daemon without cluster CIDRs takes the configuration's subnets for the node's`()
    throws
  {
    let bench = try CNIBench(DaemonSetup(), registersNode: false)
    let ranges: JSON = [
      [["subnet": "10.88.0.0/16", "gateway": "10.88.0.1"]], [["subnet": "fd00:88::/64"]],
    ]
    let config = bench.config("0.4.0", ipam: ["autoRegisterNode": true, "ranges": ranges])
    let added = try bench.run("ADD", "c1", config: config)
    #expect(added.addresses == ["10.88.0.2/16", "fd00:88::2/64"], "\(added)")
    #expect(added.json?["ips"]?[0]?["gateway"] == "10.88.0.1")
    let bare = bench.config(ipam: ["autoRegisterNode": true, "node": "other"])
    let refused = try bench.run("ADD", "c2", config: bare)
    #expect(refused.json?["details"]?.text?.contains("podCIDRs") == true, "\(refused)")
  }

  @Test func `a pool gives its own addresses`() throws {
    let bench = try CNIBench(
      .dual.with { $0.yaml = #"pools: [{name: storage, cidrs: [10.50.0.0/29, "fd00:50::/64"]}]"# })
    let config = bench.config(ipam: ["pool": "storage"])
    let added = try bench.run("ADD", "c1", interface: "net1", config: config)
    #expect(added.addresses == ["10.50.0.2/29", "fd00:50::2/64"], "\(added)")
    #expect(try bench.run("DEL", "c1", interface: "net1", config: config).isSuccess)
    let next = try bench.run("ADD", "c2", interface: "net1", config: config)
    #expect(next.addresses.first == "10.50.0.3/29", "\(next)")
  }

  @Test func `the configuration's ranges choose the families, and hold the daemon to them`() throws
  {
    let bench = try CNIBench()
    func config(_ subnet: String) -> String {
      bench.config(ipam: ["ranges": [[["subnet": .string(subnet)]]]])
    }
    let one = try bench.run("ADD", "c1", config: config("fd00:10:244::/56"))
    #expect(one.addresses == ["fd00:10:244::2/64"], "\(one)")
    let disagreeing = config("10.88.0.0/16")
    let other = try bench.run("ADD", "c2", config: disagreeing)
    #expect(other.code == 7, "\(other)")
    #expect(try bench.held().count == 1, "what the call reserved is given back")
    #expect(try bench.run("DEL", "c1", config: disagreeing).isSuccess)
    #expect(try bench.held().isEmpty)
  }

  @Test func `a full node says so`() throws {
    let bench = try CNIBench(
      DaemonSetup(clusterCIDR: "10.20.0.0/29").with { $0.masks.ipv4 = 30 })
    #expect(try bench.run("ADD", "c1").isSuccess)
    let full = try bench.run("ADD", "c2")
    #expect(full.code == 100, "\(full)")
  }

  @Test func `what nobody reads is given back`() throws {
    let bench = try CNIBench()
    let program = Environment.pluginPath
    let environment = Environment.clean.merging([
      "CNI_COMMAND": "ADD", "CNI_CONTAINERID": "c1", "CNI_IFNAME": "eth0", "CNI_NETNS": "/n",
    ]) { $1 }
    for output in [">/dev/full", ">&-"] {
      let ended = try ChildProcess.run(
        "/bin/sh", ["-c", "exec \(program) \(output)"], input: bench.config(),
        environment: environment)
      #expect(ended.status == .exited(1), "\(output): \(ended)")
      #expect(try bench.held().isEmpty, "\(output)")
    }
  }
}
