import IPLedgerClient

extension Column {
  static let pods = [
    Column("NAMESPACE", at: "namespace"), Column("NAME", at: "name"),
    Column("NODE", at: "node"), Column("IPS", at: "podIPs"),
    Column("CONTAINER", wide: true, at: "containerID"),
    Column("INTERFACE", wide: true, at: "interface"),
    Column("NETWORK", wide: true, at: "network"),
    Column("LABELS", wide: true, at: "labels"),
    Column("RESERVED", wide: true, at: "reservedAt"),
    Column("EXPIRES", at: "expiresAt"),
    Column("REVISION", wide: true, number: true, at: "revision"),
  ]

  static let services = [
    Column("NAMESPACE", at: "namespace"), Column("NAME", at: "name"),
    Column("TYPE", at: "spec.type"), Column("CLUSTER-IPS", at: "spec.clusterIPs"),
    Column("FAMILIES", at: "spec.ipFamilies"), Column("POLICY", at: "spec.ipFamilyPolicy"),
    Column("INGRESS", wide: true) { service in
      let ingress = service["status"]?["loadBalancer"]?["ingress"]?.array ?? []
      return JSON.array(ingress.compactMap { $0["ip"] }).cell
    },
    Column("EXTERNAL-NAME", wide: true, at: "spec.externalName"),
    Column("SELECTOR", wide: true, at: "spec.selector"),
    Column("RESERVED", wide: true, at: "reservedAt"),
    Column("REVISION", wide: true, number: true, at: "revision"),
  ]

  static let nodes = [
    Column("NAME", at: "name"), Column("POD-CIDRS", at: "podCIDRs"),
    Column("NODE-IPS", at: "nodeIPs"), Column("OS", wide: true, at: "os"),
    Column("RESERVED", wide: true, at: "reservedAt"),
    Column("REVISION", wide: true, number: true, at: "revision"),
  ]

  static let ranges = [
    Column("NAME", at: "name"), Column("PURPOSE", at: "purpose"), Column("CIDR", at: "cidr"),
    Column("STATE", at: "state"), Column("UNIT", wide: true, at: "unit"),
    Column("CAPACITY", number: true, at: "capacity"),
    Column("RESERVED", number: true, at: "reserved"),
    Column("FREE", number: true, at: "free"),
    Column("RESTING", number: true, at: "quarantined"),
    Column("EXCLUDED", number: true, at: "excluded"),
    Column("USED", number: true) { Share.used(of: $0) },
    Column("STATIC-BAND", wide: true) { band($0["staticBand"]) },
    Column("DYNAMIC-BAND", wide: true) { band($0["dynamicBand"]) },
    Column("NODE", wide: true, at: "node"),
  ]

  private static func band(_ band: JSON?) -> String {
    guard let first = band?["first"]?.string, let last = band?["last"]?.string else { return "-" }
    return "\(first)-\(last)"
  }
}

/// How much of a range is held, in words for a cell.
enum Share {
  /// Counts pass 2^53, so they come as text.
  static func used(of range: JSON) -> String {
    guard let capacity = range["capacity"]?.string.flatMap({ Double($0) }), capacity > 0,
      let reserved = range["reserved"]?.string.flatMap({ Double($0) })
    else { return "-" }
    let tenths = (reserved / capacity * 1_000).rounded()
    if tenths == 0, reserved > 0 { return "<0.1%" }
    return "\(Int(tenths) / 10).\(Int(tenths) % 10)%"
  }
}
