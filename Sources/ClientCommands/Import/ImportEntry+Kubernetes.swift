import IPLedgerClient

extension ImportEntry {
  /// What `kubectl get svc,pods,nodes -A -o json` printed, or YAML of the kind.
  static func kubernetes(_ file: ManifestFile, primary: String) throws -> [ImportEntry] {
    try file.objects.compactMap { _, node in
      guard let manifest = try Manifest(node, in: file.name), manifest.reasonToSkip == nil else {
        return nil
      }
      let params = manifest.reservation(keeping: true)
      switch manifest.kind {
      case .node: return ImportEntry(kind: .node, params: params, addresses: [])
      case .pod:
        // A pod that has no address yet asks for one when it starts.
        guard !manifest.podIPs.isEmpty else { return nil }
        return ImportEntry(kind: .pod, params: params, addresses: manifest.podIPs)
      case .service:
        let spec = adopted(params["spec"] ?? [:], primary: primary)
        let addresses = (spec["clusterIPs"]?.strings ?? []).filter { $0 != "None" }
        return ImportEntry(
          kind: .service, params: params.with("spec", spec), addresses: addresses)
      }
    }
  }

  /// A stored spec with the fields that it had before there was dual-stack, as Kubernetes reads it.
  ///
  /// Semantics §10.1.
  static func adopted(_ spec: JSON, primary: String) -> JSON {
    guard spec["type"]?.string != "ExternalName" else { return spec }
    var spec = spec
    if spec["clusterIPs"]?.array?.isEmpty ?? true, let single = spec["clusterIP"]?.string,
      !single.isEmpty
    {
      spec = spec.with("clusterIPs", [.string(single)])
    }
    guard spec["ipFamilyPolicy"] == nil, spec["ipFamilies"] == nil else { return spec }
    let addresses = spec["clusterIPs"]?.strings ?? []
    guard let first = addresses.first else { return spec }
    if first == "None" {
      let isSelectorless = spec["selector"]?.members?.isEmpty ?? true
      let other = primary == "IPv4" ? "IPv6" : "IPv4"
      return spec.with("ipFamilies", .optional(isSelectorless ? [primary, other] : [primary]))
        .with("ipFamilyPolicy", isSelectorless ? "RequireDualStack" : "SingleStack")
    }
    let families = addresses.map { $0.contains(":") ? "IPv6" : "IPv4" }
    return spec.with("ipFamilies", .optional(families))
      .with("ipFamilyPolicy", families.count == 2 ? "RequireDualStack" : "SingleStack")
  }
}
