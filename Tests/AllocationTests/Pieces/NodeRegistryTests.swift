import AddressBitmap
import Addressing
import Testing

@testable import Allocation

@Suite struct NodeRegistryTests {
  private static func registry(
    services: [String] = [], clusters: [String] = ["10.244.0.0/22"], length: Int = 24
  ) -> NodeRegistry {
    NodeRegistry(
      configuration: ClusterConfiguration(
        serviceRanges: services.compactMap { CIDR($0) },
        clusterCIDRs: clusters.compactMap { CIDR($0) }, nodePrefixLengthIPv4: length))
  }

  private static let node = Array("n".utf8)

  private func next(_ registry: NodeRegistry) throws -> String {
    try registry.takeNext(for: Self.node, now: 0).map(\.block.description).joined(separator: ",")
  }

  @Test func `blocks go out in order, around the end, and not the one given back first`() throws {
    let registry = Self.registry()
    #expect(try next(registry) == "10.244.0.0/24")
    #expect(try next(registry) == "10.244.1.0/24")
    registry.giveBack([try cidr("10.244.0.0/24")])
    #expect(try next(registry) == "10.244.2.0/24")
    #expect(try next(registry) == "10.244.3.0/24")
    #expect(try next(registry) == "10.244.0.0/24")
    #expect(throws: Refusal.self) { try registry.takeNext(for: Self.node, now: 0) }
  }

  @Test func `blocks that Service ranges touch never go out, not even when given back`() throws {
    let registry = Self.registry(services: ["10.244.1.128/25"])
    #expect(try next(registry) == "10.244.0.0/24")
    #expect(try next(registry) == "10.244.2.0/24")
    // The half beside the Service range may be had by name.
    let half = try cidr("10.244.1.0/25")
    try registry.take([half], for: Self.node)
    registry.giveBack([half])
    #expect(try next(registry) == "10.244.3.0/24")
    #expect(throws: Refusal.self) { try registry.takeNext(for: Self.node, now: 0) }
    #expect(registry.clusterRanges[0].reserved == 4)
  }

  @Test(arguments: [
    ("10.244.1.0/24", "10.244.1.0/24"), ("10.244.1.0/24", "10.244.0.0/23"),
    ("10.244.0.0/23", "10.244.1.64/26"), ("10.244.1.64/26", "10.244.1.64/28"),
  ])
  func `a block that overlaps another node's is Conflict and names it`(
    _ first: String, _ second: String
  ) throws {
    let registry = Self.registry()
    try registry.take([try cidr(first)], for: Self.node)
    do throws(Refusal) {
      let block = CIDR(second)
      try registry.take(block.map { [$0] } ?? [], for: Array("m".utf8))
      Issue.record("it is refused")
    } catch {
      guard case .conflict(_, nil, .node(name: "n")) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func `a pair is taken whole or not at all`() throws {
    let registry = Self.registry(clusters: ["10.244.0.0/24", "fd00::/63"])
    try registry.take([try cidr("fd00:0:0:1::/64")], for: Self.node)
    let pair = try [cidr("10.244.0.0/24"), cidr("fd00:0:0:1::/64")]
    #expect(throws: Refusal.self) { try registry.take(pair, for: Array("m".utf8)) }
    #expect(registry.node(of: try ip("10.244.0.1")) == nil)
    #expect(try next(registry) == "10.244.0.0/24,fd00::/64")
    #expect(throws: Refusal.self) { try registry.takeNext(for: Self.node, now: 0) }
    #expect(registry.clusterRanges.map(\.reserved) == [1, 2])
  }

  @Test func `a node block is free again with the last narrow block in it`() throws {
    let registry = Self.registry(clusters: ["10.244.0.0/23"])
    let narrow = try ["10.244.0.0/26", "10.244.0.64/26", "10.244.0.192/26"].map { try cidr($0) }
    for block in narrow { try registry.take([block], for: Self.node) }
    #expect(try next(registry) == "10.244.1.0/24")
    for block in [narrow[1], narrow[0]] {
      registry.giveBack([block])
      #expect(throws: Refusal.self) { try registry.takeNext(for: Self.node, now: 0) }
    }
    registry.giveBack([narrow[2]])
    #expect(try next(registry) == "10.244.0.0/24")
  }

  @Test func `a wide block takes every node block in it`() throws {
    let registry = Self.registry()
    let wide = try cidr("10.244.0.0/23")
    try registry.take([wide], for: Self.node)
    #expect(try next(registry) == "10.244.2.0/24")
    #expect(registry.clusterRanges[0].reserved == 3)
    registry.giveBack([wide])
    #expect(registry.clusterRanges[0].reserved == 1)
  }

  @Test func `addresses and blocks lead to their node`() throws {
    let registry = Self.registry(clusters: [])
    let blocks = try ["10.0.0.0/24", "10.0.2.0/24", "fd00::/64"].map { try cidr($0) }
    for (index, block) in blocks.enumerated() {
      try registry.take([block], for: [UInt8(index)])
    }
    for (index, block) in blocks.enumerated() {
      #expect(registry.node(of: block.base) == [UInt8(index)])
      #expect(registry.node(of: block.last) == [UInt8(index)])
      #expect(registry.node(exactly: block) == [UInt8(index)])
    }
    for outside in ["9.255.255.255", "10.0.1.0", "10.0.3.0", "fd00:0:0:1::", "::"] {
      #expect(registry.node(of: try ip(outside)) == nil)
    }
    #expect(registry.node(exactly: try cidr("10.0.0.0/25")) == nil)
  }

  @Test func `an explicit block outside of the cluster is OutOfRange`() throws {
    let registry = Self.registry()
    do throws(Refusal) {
      let block = CIDR("10.245.0.0/24")
      try registry.take(block.map { [$0] } ?? [], for: Self.node)
      Issue.record("it is refused")
    } catch {
      guard case .outOfRange(_, field: "podCIDRs[0]", _, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
