import Addressing
import Policy
import Testing

@testable import Allocation

/// A random call of a transaction, over few names, blocks and addresses, so that they meet.
enum TwinCall {
  case reserve(PodRequest)
  case release(PodTarget, ifRevision: UInt64?)
  case forget(String)
  case change(ServiceRequest.Verb, String, ServiceSpec)
  case releaseService(String)
  case register(NodeRequest)
  case releaseNode(String, force: Bool)

  init(_ dice: inout RequestDice) {
    let pod = Self.pod(&dice)
    switch dice.number(100) {
    case ..<38: self = .reserve(pod)
    case ..<48: self = .release(pod.target, ifRevision: dice.chance(10) ? 2 : nil)
    case ..<54: self = .release(Self.target(pod, &dice), ifRevision: nil)
    case ..<58: self = .forget(pod.name)
    case ..<72:
      self = .change(dice.pick([.reserve, .update]), "s\(dice.number(4))", Self.spec(&dice))
    case ..<76: self = .releaseService("s\(dice.number(4))")
    case ..<90: self = .register(Self.node(&dice))
    default: self = .releaseNode("n\(dice.number(6))", force: dice.chance(70))
    }
  }

  /// One of more nodes than there are blocks; some name theirs, half a node's block too.
  private static func node(_ dice: inout RequestDice) -> NodeRequest {
    let address = IPAddress(family: .ipv4, value: 0xC000_0200 + UInt128(dice.number(3)))
    let offset = UInt128(16 * dice.number(4))
    let lengths = dice.pick([(28, 124), (28, 124), (29, 125), (27, 123)])
    let blocks = [
      CIDR(
        containing: IPAddress(family: .ipv4, value: 0x0AF4_0000 + offset),
        prefixLength: lengths.0),
      CIDR(
        containing: IPAddress(family: .ipv6, value: 0xFD00 << 112 + offset),
        prefixLength: lengths.1),
    ]
    return NodeRequest(
      name: "n\(dice.number(6))", nodeIPs: dice.chance(30) ? [address] : nil,
      podCIDRs: dice.chance(35) ? blocks.compactMap(\.self) : nil, os: "linux",
      networkMode: nil, actor: "test")
  }

  private static func pod(_ dice: inout RequestDice) -> PodRequest {
    let isStatic = dice.chance(40)
    var pod = PodRequest(
      node: "n\(dice.number(4))", name: "p\(dice.number(8))",
      containerID: dice.chance(50) ? "c\(dice.number(2))" : nil)
    if dice.chance(20) { pod.uid = "u\(dice.number(2))" }
    if isStatic {
      let offset = UInt128(16 * dice.number(4) + 2 + dice.number(6))
      pod.ips = [
        IPAddress(family: .ipv4, value: 0x0AF4_0000 + offset),
        IPAddress(family: .ipv6, value: 0xFD00 << 112 + offset),
      ]
      if dice.chance(20) { pod.ips.removeFirst() }
      // Or the other family too, which is automatic then.
      if dice.chance(60) { pod.families = pod.ips.map(\.family) }
    } else if dice.chance(20) {
      pod.families = dice.pick([[.ipv4], [.ipv6], [.ipv6, .ipv4]])
    }
    if dice.chance(20) { pod.labels = ["k": "v\(dice.number(2))"] }
    if dice.chance(20) { pod.ttlSeconds = 5 + dice.number(2) * 10 }
    pod.isSticky = dice.chance(25)
    return pod
  }

  private static func target(_ pod: PodRequest, _ dice: inout RequestDice) -> PodTarget {
    switch dice.number(3) {
    case 0:
      .address(
        IPAddress(
          family: .ipv4,
          value: 0x0AF4_0000 + 2 + UInt128(16 * dice.number(4) + dice.number(6))))
    case 1:
      .container(
        node: Array("n\(dice.number(4))".utf8), containerID: Array("c\(dice.number(2))".utf8))
    default: .everything(namespace: Array("default".utf8), name: Array(pod.name.utf8))
    }
  }

  private static func spec(_ dice: inout RequestDice) -> ServiceSpec {
    let address = dice.chance(50) ? "10.96.0.\(dice.number(8))" : nil
    return dice.pick([
      ServiceSpec(type: "ExternalName", externalName: "example.org"),
      ServiceSpec(clusterIP: "None", selector: ["a": "b"]),
      ServiceSpec(clusterIP: address),
      ServiceSpec(),
      ServiceSpec(ipFamilyPolicy: "SingleStack", ipFamilies: ["IPv4"]),
      ServiceSpec(clusterIP: address, ipFamilyPolicy: "PreferDualStack"),
      ServiceSpec(ipFamilyPolicy: "RequireDualStack", ipFamilies: ["IPv4", "IPv6"]),
    ])
  }

  /// False: it would have to wait.
  @discardableResult
  func run(_ bench: Bench, _ batch: inout ChangeBatch) throws(Refusal) -> Bool {
    let engine = bench.engine
    switch self {
    case .reserve(let request): return Self.goesOn(try bench.reserve(request, into: &batch))
    case .release(let target, let ifRevision):
      return Self.goesOn(
        try engine.releasePods(
          target, ifRevision: ifRevision, actor: "test", into: &batch, waiter: bench.waiter))
    case .forget(let name):
      return Self.goesOn(
        try engine.forgetPod(
          network: Array("default".utf8), namespace: Array("default".utf8),
          name: Array(name.utf8), actor: "test", into: &batch, waiter: bench.waiter))
    case .change(let verb, let name, let spec):
      return Self.goesOn(try bench.change(verb, name, spec, into: &batch))
    case .releaseService(let name):
      return Self.goesOn(
        try engine.releaseService(
          namespace: "default", name: name, ifRevision: nil, actor: "test", into: &batch,
          waiter: bench.waiter))
    case .register(let request):
      return Self.goesOn(
        try engine.registerNode(request, into: &batch, waiter: bench.waiter))
    case .releaseNode(let name, let force):
      return Self.goesOn(
        try engine.releaseNode(
          name: name, force: force, ifRevision: nil, actor: "test", into: &batch,
          waiter: bench.waiter))
    }
  }

  private static func goesOn<Answer>(_ decision: Decision<Answer>) -> Bool {
    if case .wait = decision { false } else { true }
  }
}
