import IPLedgerClient
import Yams

/// One object of Kubernetes that has addresses.
struct Manifest {
  /// The kinds, in the order in which they need each other.
  enum Kind: String, CaseIterable {
    case node = "Node"
    case service = "Service"
    case pod = "Pod"
  }

  let kind: Kind
  let namespace: String
  let name: String
  let node: Node

  /// Nil for a kind that has no addresses.
  ///
  /// Throws when the object has no name, or its kind is missing.
  init?(_ node: Node, in file: String) throws {
    guard let kind = node.member("kind")?.text else {
      throw CommandFailure(
        .invalid, "\(file): an object has no kind",
        next: "a manifest has apiVersion, kind, metadata")
    }
    guard let known = Kind(rawValue: kind) else { return nil }
    guard let name = node.node(at: "metadata", "name")?.text, !name.isEmpty else {
      throw CommandFailure(
        .invalid, "\(file): metadata.name: a \(kind) has no name",
        next: "name it: generateName is for the API server")
    }
    self.kind = known
    self.name = name
    self.node = node
    namespace = node.node(at: "metadata", "namespace")?.text ?? "default"
  }

  /// As `kubectl` names it, with the namespace.
  var title: String {
    let place = kind == .node ? "" : "\(namespace)/"
    return "\(kind.rawValue.lowercased())/\(place)\(name)"
  }

  var uid: JSON? { node.node(at: "metadata", "uid")?.json }

  /// The members that name it in the protocol.
  var key: JSON {
    kind == .node
      ? ["name": .string(name)] : ["namespace": .string(namespace), "name": .string(name)]
  }

  /// Why the cluster gives it no addresses of the ledger; nil when it does.
  var reasonToSkip: String? {
    guard kind == .pod else { return nil }
    if node.node(at: "spec", "hostNetwork")?.json == true {
      return "it has the addresses of its node (hostNetwork)"
    }
    if let phase = node.node(at: "status", "phase")?.text, ["Succeeded", "Failed"].contains(phase) {
      return "it has ended"
    }
    return node.node(at: "spec", "nodeName")?.text == nil
      ? "it is on no node yet (spec.nodeName)" : nil
  }
}

extension Manifest {
  /// What asks for its addresses, as a call of the protocol.
  ///
  /// With `keeping`, the addresses that its status names are asked for.
  func reservation(keeping: Bool) -> JSON {
    switch kind {
    case .service:
      key.merging(.members(["uid": uid, "spec": node.member("spec")?.json ?? [:]]))
    case .node:
      key.merging(
        .members([
          "nodeIPs": .optional(nodeIPs), "podCIDRs": .optional(podCIDRs),
          "os": node.node(at: "status", "nodeInfo", "operatingSystem")?.json,
        ]))
    case .pod:
      key.merging(
        .members([
          "node": node.node(at: "spec", "nodeName")?.json, "uid": uid,
          "ips": keeping ? .optional(podIPs) : nil,
        ]))
    }
  }

  /// Whether the ledger's node is what this one asks for, however it was asked for then.
  func isThere(as held: JSON) -> Bool {
    (podCIDRs.isEmpty || podCIDRs == held["podCIDRs"]?.strings)
      && (nodeIPs.isEmpty || nodeIPs == held["nodeIPs"]?.strings)
  }

  /// Internal addresses of a node, the first of each family.
  private var nodeIPs: [String] {
    let all = node.node(at: "status", "addresses")?.json?.array ?? []
    let texts = all.filter { $0["type"]?.string == "InternalIP" }.compactMap {
      $0["address"]?.string
    }
    let ipv4 = texts.first { !$0.contains(":") }
    let ipv6 = texts.first { $0.contains(":") }
    return texts.filter { $0 == ipv4 || $0 == ipv6 }
  }

  private var podCIDRs: [String] {
    let all = node.node(at: "spec", "podCIDRs")?.json?.strings ?? []
    return all.isEmpty ? node.node(at: "spec", "podCIDR")?.text.map { [$0] } ?? [] : all
  }

  /// The addresses in a pod's status.
  var podIPs: [String] {
    let all = node.node(at: "status", "podIPs")?.json?.array?.compactMap { $0["ip"]?.string } ?? []
    return all.isEmpty ? node.node(at: "status", "podIP")?.text.map { [$0] } ?? [] : all
  }
}

extension Manifest {
  /// The object with what the daemon answered filled in; everything else stands as it stood.
  func filled(from result: JSON) -> Node {
    switch kind {
    case .service:
      var filled = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"].reduce(node) {
        $0.setting(["spec", $1], result["spec"]?[$1])
      }
      if let ingress = result["status"]?["loadBalancer"]?["ingress"] {
        filled = filled.setting(["status", "loadBalancer", "ingress"], ingress)
      }
      return filled
    case .node:
      return node.setting(["spec", "podCIDR"], result["podCIDR"])
        .setting(["spec", "podCIDRs"], result["podCIDRs"])
    case .pod:
      let all = (result["podIPs"]?.strings ?? []).map { JSON.members(["ip": .string($0)]) }
      return node.setting(["status", "podIP"], result["podIP"])
        .setting(["status", "podIPs"], .array(all))
    }
  }
}
