import IPLedgerClient

extension ImportEntry {
  /// What `ipledger export` wrote; nil when it is something else.
  static func exported(_ value: JSON) -> [ImportEntry]? {
    guard value["ipledgerExport"]?.int == 1 else { return nil }
    let nodes = (value["nodes"]?.array ?? []).map { node in
      ImportEntry(
        kind: .node, params: node.only(["name", "podCIDRs", "nodeIPs", "os", "networkMode"]),
        addresses: [])
    }
    let services = (value["services"]?.array ?? []).map { service in
      ImportEntry(
        kind: .service, params: service.only(["namespace", "name", "uid", "spec"]),
        addresses: (service["spec"]?["clusterIPs"]?.strings ?? []).filter { $0 != "None" })
    }
    let pods = (value["pods"]?.array ?? []).map { pod in
      ImportEntry(
        kind: .pod,
        params: pod.only(
          ["node", "namespace", "name", "uid", "containerID", "interface", "network", "labels"]
        )
        .with("ipFamilies", pod["ipFamilies"]).with("ips", pod["podIPs"]),
        addresses: pod["podIPs"]?.strings ?? [])
    }
    return nodes + services + pods
  }
}

extension JSON {
  /// The members of these names, in their order.
  func only(_ names: [String]) -> JSON {
    .object((members ?? []).filter { names.contains($0.name) })
  }
}
