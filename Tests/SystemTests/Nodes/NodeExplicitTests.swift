import FaultKit
import Testing

/// Nodes that bring their blocks with them, and what is refused of a registration.
@Suite(.ownThreads) struct NodeExplicitTests {
  struct Row: Sendable {
    let what: String
    let params: JSON

    /// The blocks, or nil and what the error is.
    let blocks: [String]?
    var code = 0
    var causes: Set<String> = []

    static func given(_ what: String, _ blocks: [String]) -> Row {
      Row(what: what, params: ["podCIDRs": .strings(blocks)], blocks: blocks)
    }

    static func refused(
      _ what: String, _ blocks: [String], _ code: Int, _ causes: Set<String> = []
    ) -> Row {
      Row(
        what: what, params: ["podCIDRs": .strings(blocks)], blocks: nil, code: code,
        causes: causes)
    }

    static func invalid(_ what: String, _ params: JSON, _ causes: Set<String>) -> Row {
      Row(what: what, params: params, blocks: nil, code: -32602, causes: causes)
    }
  }

  /// Each row on a node of its own that is gone afterwards; the node `taken` stays.
  private static func run(_ rows: [Row], on setup: DaemonSetup) throws {
    let client = try DaemonProcess.start(setup).client()
    _ = try client.request("node.register", ["name": "taken"])
    for row in rows {
      let answer = try client.request("node.register", row.params.with("name", "n"))
      let released = try client.request("node.release", ["name": "n"])
      let got = answer.result?["podCIDRs"]?.strings
      #expect(got == row.blocks, "\(row.what): \(answer)")
      #expect(released.result?["released"]?.strings == row.blocks ?? [], "\(row.what)")
      guard row.blocks == nil else { continue }
      #expect(answer.code == row.code, "\(row.what): \(answer)")
      #expect(row.causes.isSubset(of: answer.causes), "\(row.what): \(answer)")
    }
  }

  private static let common: [Row] = [
    .given("IPv4 alone", ["10.244.7.0/24"]),
    .given("IPv6 alone", ["fd00:10:244:7::/64"]),
    .given("narrower than the mask", ["10.244.7.64/26"]),
    .given("one address", ["10.244.7.9/32"]),
    .refused("outside", ["10.200.0.0/24"], -32003),
    .refused("outside, IPv6", ["fd00:10:245::/64"], -32003),
    .refused("around the cluster CIDR", ["10.0.0.0/8"], -32003),
    .refused("another node's block", ["10.244.0.0/24"], -32005),
    .refused("inside another node's block", ["10.244.0.128/25"], -32005),
    .refused("around another node's block", ["10.244.0.0/23"], -32005),
    .refused("another node's IPv6 block", ["fd00:10:244::/64"], -32005),
    .refused("host bits", ["10.244.7.1/24"], -32602, ["podCIDRs[0] Invalid"]),
    .refused("no length", ["10.244.7.0"], -32602, ["podCIDRs[0] Invalid"]),
    .refused("a length that is too long", ["10.244.7.0/33"], -32602, ["podCIDRs[0] Invalid"]),
    .refused("two of a family", ["10.244.7.0/24", "10.244.8.0/24"], -32602),
  ]

  @Test func `explicit blocks are occupied as given`() throws {
    let pair = ["10.244.7.0/24", "fd00:10:244:7::/64"]
    try Self.run(
      Self.common + [
        .given("both families", pair),
        .given("both, narrower", ["10.244.7.0/28", "fd00:10:244:7::/80"]),
        .refused("in the other order", pair.reversed(), -32602),
        .refused("the second one outside", [pair[0], "fd00:99::/64"], -32003),
        .refused("the second one taken", [pair[0], "fd00:10:244::/64"], -32005),
      ], on: .dual)
    try Self.run(
      Self.common + [
        .given("both families", pair.reversed()),
        .refused("in the other order", pair, -32602),
      ], on: .dualIPv6First)
  }

  @Test func `an explicit block is not handed out to others`() throws {
    let client = try DaemonProcess.start(.ipv4).client()
    let small = ["10.244.1.128/26", "10.244.2.0/24"]
    for (index, block) in small.enumerated() {
      let request: JSON = ["name": "explicit-\(index)", "podCIDRs": [.string(block)]]
      let answer = try client.request("node.register", request)
      #expect(answer.result?["podCIDR"]?.text == block, "\(answer)")
    }
    let given = try ["a", "b"].map { name in
      try client.request("node.register", ["name": .string(name)]).result?["podCIDR"]
    }
    #expect(given == ["10.244.0.0/24", "10.244.3.0/24"])
  }

  @Test func `without a cluster CIDR the blocks have to be given`() throws {
    let client = try DaemonProcess.start(DaemonSetup(serviceRange: "10.96.0.0/16")).client()
    let none = try client.request("node.register", ["name": "n"])
    #expect(none.code == -32602, "\(none)")
    #expect(none.causes == ["podCIDRs Required"])
    let given = try client.request(
      "node.register", ["name": "n", "podCIDRs": ["172.16.0.0/24", "fd00:5::/64"]])
    #expect(given.result?["podCIDRs"] == ["172.16.0.0/24", "fd00:5::/64"], "\(given)")
    let pod = try client.request("pod.reserve", ["node": "n", "namespace": "d", "name": "p"])
    #expect(pod.result?["podIPs"] == ["172.16.0.2", "fd00:5::2"], "\(pod)")
    let overlap = try client.request(
      "node.register", ["name": "m", "podCIDRs": ["172.16.0.128/25"]])
    #expect(overlap.reason == "Conflict", "\(overlap)")
    let service = try client.request(
      "node.register", ["name": "m", "podCIDRs": ["10.96.7.0/24"]])
    #expect(service.reason == "Conflict", "\(service)")
  }

  @Test func `node names and addresses are checked`() throws {
    let long = String(repeating: "n", count: 254)
    let client = try DaemonProcess.start().client()
    let rows: [(JSON, Set<String>)] = [
      ([:], ["name Required"]),
      (["name": ""], ["name Invalid"]),
      (["name": .string(long)], ["name TooLong"]),
      (["name": "a\u{7}b"], ["name Invalid"]),
      (["name": 5, "nodeIPs": ["192.0.2.01"]], ["name Invalid", "nodeIPs[0] Invalid"]),
      (["name": "n", "os": "plan9", "speed": 3], ["os NotSupported", "speed Unknown"]),
      (["name": "n", "networkMode": "bridge"], ["networkMode NotSupported"]),
      (["name": "n", "podCIDRs": "10.244.0.0/24"], ["podCIDRs Invalid"]),
    ]
    for (params, causes) in rows {
      let answer = try client.request("node.register", params)
      #expect(answer.code == -32602 && answer.causes == causes, "\(params): \(answer)")
    }
    let twice = try client.request(
      "node.register", ["name": "n", "nodeIPs": ["192.0.2.1", "192.0.2.2"]])
    #expect(twice.code == -32602, "\(twice)")
    #expect(twice.causes.contains { $0.hasPrefix("nodeIPs[1] ") }, "\(twice)")
    let longest = String(repeating: "n", count: 253)
    #expect(try client.request("node.register", ["name": .string(longest)]).result != nil)
  }

  @Test(arguments: Cluster.allCases)
  func `Windows nodes follow their rules`(cluster: Cluster) throws {
    let windows: JSON = ["os": "windows"]
    let overlay = windows.with("networkMode", "overlay")
    let bridge = windows.with("networkMode", "l2bridge")
    let client = try DaemonProcess.start(cluster.setup).client()
    for (params, isOverlay) in [(windows, false), (bridge, false), (overlay, true)] {
      let answer = try client.request("node.register", params.with("name", "n"))
      if cluster == .ipv6 {
        #expect(answer.causes.contains("os NotSupported"), "\(answer)")
      } else if isOverlay, cluster.isDual {
        #expect(answer.causes == ["networkMode NotSupported"], "\(answer)")
      } else {
        #expect(answer.result?["os"] == "windows", "\(answer)")
        #expect(answer.result?["networkMode"] == params["networkMode"], "\(answer)")
      }
      _ = try client.request("node.release", ["name": "n"])
    }
  }
}
