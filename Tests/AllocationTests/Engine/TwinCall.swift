import Addressing
import Policy
import Testing

@testable import Allocation

/// A random call of a transaction, over few names and addresses, so that they meet.
///
/// Pods of `n1` ask for static addresses of it, those of other nodes take what comes: which
/// addresses automatic choice takes may differ between a transaction and its calls one by one.
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
    let nodeName = "n\(2 + dice.number(2))"
    switch dice.number(100) {
    case ..<45: self = .reserve(pod)
    case ..<56: self = .release(pod.target, ifRevision: dice.chance(10) ? 2 : nil)
    case ..<61: self = .release(Self.target(pod, &dice), ifRevision: nil)
    case ..<66: self = .forget(pod.name)
    case ..<84:
      self = .change(dice.pick([.reserve, .update]), "s\(dice.number(4))", Self.spec(&dice))
    case ..<88: self = .releaseService("s\(dice.number(4))")
    case ..<95:
      let address = IPAddress(family: .ipv4, value: 0xC000_0200 + UInt128(dice.number(3)))
      self = .register(
        NodeRequest(
          name: nodeName, nodeIPs: dice.chance(50) ? [address] : nil, podCIDRs: nil, os: "linux",
          networkMode: nil, actor: "test"))
    default: self = .releaseNode(nodeName, force: dice.chance(60))
    }
  }

  private static func pod(_ dice: inout RequestDice) -> PodRequest {
    let isStatic = dice.chance(40)
    var pod = PodRequest(
      node: isStatic ? "n1" : dice.pick(["n0", "n0", "n2", "n3"]), name: "p\(dice.number(8))",
      containerID: dice.chance(50) ? "c\(dice.number(2))" : nil)
    if dice.chance(20) { pod.uid = "u\(dice.number(2))" }
    if isStatic {
      let offset = UInt128(16 + 2 + dice.number(6))
      pod.ips = [
        IPAddress(family: .ipv4, value: 0x0AF4_0000 + offset),
        IPAddress(family: .ipv6, value: 0xFD00 << 112 + offset),
      ]
      if dice.chance(20) { pod.ips.removeFirst() }
      // Without the other family, which would be automatic.
      pod.families = pod.ips.map(\.family)
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
          family: .ipv4, value: 0x0AF4_0000 + 16 + 2 + UInt128(dice.number(6))))
    case 1: .container(node: Array("n1".utf8), containerID: Array("c\(dice.number(2))".utf8))
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
