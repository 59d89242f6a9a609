import Addressing
import Allocation
import FaultKit
import Policy

/// Anything that a connection may ask for.
enum SimulatedRequest {
  case reservePod(PodRequest)
  case releasePods(PodRelease, ifRevision: UInt64?)
  case changeService(ServiceRequest)
  case releaseService(namespace: String, name: String, ifRevision: UInt64?)
  case registerNode(NodeRequest)
  case releaseNode(String, force: Bool, ifRevision: UInt64?)
}

/// Draws requests over so few names and addresses that they meet all the time.
struct RequestDice {
  var random: SeededRandom
  let configuration: ClusterConfiguration

  /// Addresses that rest: static requests aim at them.
  var resting: [IPAddress] = []

  /// Nodes that are there: most pods aim at them.
  var nodes: [String] = []

  /// Pods that were asked for: most releases and some requests repeat them.
  private var asked: [PodRequest] = []

  init(random: SeededRandom, configuration: ClusterConfiguration) {
    self.random = random
    self.configuration = configuration
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func number(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(elements.count)] }

  /// - Parameter known: generations that exist.
  mutating func request(known: [UInt64], blocks: [CIDR]) -> SimulatedRequest {
    let ifRevision =
      chance(8) ? (known.isEmpty || chance(40) ? UInt64(number(60)) : pick(known)) : nil
    switch number(100) {
    case ..<(nodes.count < 3 ? 25 : 6): return .registerNode(node())
    case ..<(nodes.count < 3 ? 26 : 9):
      return .releaseNode("n\(number(5))", force: chance(60), ifRevision: ifRevision)
    case ..<52: return .reservePod(pod(ifRevision, blocks))
    case ..<72: return .releasePods(release(blocks), ifRevision: ifRevision)
    case ..<93: return .changeService(service(ifRevision))
    default:
      return .releaseService(
        namespace: pick(["a", "b"]), name: "s\(number(4))", ifRevision: ifRevision)
    }
  }

  private mutating func node() -> NodeRequest {
    var blocks: [CIDR]?
    if chance(25) || configuration.clusterCIDRs.isEmpty {
      let clusters =
        configuration.clusterCIDRs.isEmpty
        ? ["10.244.0.0/25", "fd00::/121"].compactMap { CIDR($0) } : configuration.clusterCIDRs
      blocks = clusters.filter { _ in chance(85) }.compactMap { block(in: $0) }
      if blocks?.isEmpty == true { blocks = block(in: clusters[0]).map { [$0] } }
    }
    return NodeRequest(
      name: "n\(number(5))",
      nodeIPs: chance(30)
        ? [IPAddress(family: .ipv4, value: 0xC000_0200 + UInt128(number(3)))] : nil,
      podCIDRs: blocks, os: chance(95) ? "linux" : "windows", networkMode: nil, actor: "test")
  }

  private mutating func block(in cluster: CIDR) -> CIDR? {
    // Half as wide as a node's block, as wide, and twice.
    let length = cluster.family.bitWidth - pick([3, 3, 4, 5])
    let base = cluster.address(
      at: UInt128(number(chance(50) ? 32 : 128)) % (cluster.lastOffset + 1))
    return CIDR(
      containing: chance(95) ? base : IPAddress(family: base.family, value: 77),
      prefixLength: length)
  }

  private mutating func pod(_ ifRevision: UInt64?, _ blocks: [CIDR]) -> PodRequest {
    if chance(25), !asked.isEmpty {
      var request = pick(asked)
      if chance(50) { request.labels = ["k\(number(2))": "v\(number(2))"] }
      return request
    }
    var request = owner()
    request.node = nodes.isEmpty || chance(10) ? "n\(number(5))" : pick(nodes)
    request.ifRevision = ifRevision
    if chance(15) { request.families = pick([[.ipv4], [.ipv6], [.ipv4, .ipv6], [.ipv6, .ipv4]]) }
    if chance(25), !blocks.isEmpty {
      request.ips = [
        resting.isEmpty || chance(50) ? address(in: pick(blocks)) : pick(resting)
      ]
      let families = request.families
      if !families.isEmpty { request.ips = request.ips.filter { families.contains($0.family) } }
    }
    if chance(30) { request.labels = chance(30) ? [:] : ["k\(number(2))": "v\(number(2))"] }
    asked = asked.suffix(30) + [request]
    return request
  }

  private mutating func address(in block: CIDR) -> IPAddress {
    block.address(at: UInt128(number(Int(min(block.lastOffset, 20)) + 1)))
  }

  private mutating func owner() -> PodRequest {
    var request = PodRequest()
    request.namespace = pick(["a", "b"])
    request.name = "p\(number(4))"
    if chance(60) { request.containerID = "c\(number(3))" }
    if chance(40) { request.uid = "u\(number(2))" }
    if chance(20) { request.interface = "net1" }
    return request
  }

  private mutating func release(_ blocks: [CIDR]) -> PodRelease {
    switch number(10) {
    case ..<6 where !asked.isEmpty: return .owner(pick(asked))
    case ..<8 where !blocks.isEmpty: return .address(address(in: pick(blocks)))
    case ..<9: return .container(node: "n\(number(5))", containerID: "c\(number(3))")
    default: return .everything(namespace: pick(["a", "b"]), name: "p\(number(4))")
    }
  }

  private mutating func service(_ ifRevision: UInt64?) -> ServiceRequest {
    let verb: ServiceRequest.Verb = pick([.reserve, .reserve, .update, .update, .adopt])
    return ServiceRequest(
      verb: verb, namespace: pick(["a", "b"]), name: "s\(number(4))",
      uid: chance(15) ? "u\(number(2))" : nil, spec: spec(), ifRevision: ifRevision,
      isDryRun: chance(10), actor: "test")
  }

  private mutating func spec() -> ServiceSpec {
    var spec = ServiceSpec()
    if chance(8) { spec.type = pick(["NodePort", "LoadBalancer", "ExternalName", "Bogus"]) }
    if spec.type == "ExternalName" { spec.externalName = "example.org" }
    if chance(80) { spec.selector = ["app": "web"] }
    if chance(50) {
      spec.ipFamilyPolicy = pick(["SingleStack", "PreferDualStack", "RequireDualStack"])
    }
    if chance(20) { spec.ipFamilies = pick([["IPv4"], ["IPv6"], ["IPv6", "IPv4"]]) }
    if chance(30), !configuration.serviceRanges.isEmpty {
      let address = address(in: pick(configuration.serviceRanges)).description
      spec.clusterIP = address
      spec.clusterIPs = [address]
    } else if chance(8) {
      spec.clusterIP = "None"
    }
    return spec
  }
}
