import FaultKit

/// The tables of Kubernetes' create path: which families and policy a Service gets (semantics §2).
///
/// They are written from the reference page alone, and know nothing of the daemon's rules.
enum ServiceFamilyTable {
  /// §2.2, headful and headless with a selector.
  static func expected(
    _ cluster: Cluster, _ policy: String?, _ families: [Family]?,
    _ addresses: ServiceAddresses = .headful
  ) -> ServiceExpectation {
    cluster.isDual
      ? dual(cluster.primary, policy, families, addresses)
      : single(cluster.primary, policy, families, addresses)
  }

  private static func single(
    _ own: Family, _ policy: String?, _ families: [Family]?, _ addresses: ServiceAddresses
  ) -> ServiceExpectation {
    let strangers = Set(
      (families ?? []).enumerated().filter { $0.element != own }
        .map { ServiceCause.family($0.offset) })
    switch policy {
    case nil, "SingleStack":
      if families?.count == 2 { return .invalid([ServiceCause.policy]) }
      return strangers.isEmpty ? .granted("SingleStack", [own], addresses) : .invalid(strangers)
    case "RequireDualStack": return .invalid(strangers.union([ServiceCause.policy]))
    default:
      return strangers.isEmpty
        ? .granted("PreferDualStack", [own], addresses) : .invalid(strangers)
    }
  }

  private static func dual(
    _ primary: Family, _ policy: String?, _ families: [Family]?, _ addresses: ServiceAddresses
  ) -> ServiceExpectation {
    let first = families?.first ?? primary
    guard let policy, policy != "SingleStack" else {
      if families?.count == 2 { return .invalid([ServiceCause.policy]) }
      return .granted("SingleStack", [first], addresses)
    }
    return .granted(policy, [first, first.other], addresses)
  }

  /// §2.3, headless without a selector: the cluster decides about the first family alone.
  static func selectorless(
    _ cluster: Cluster, _ policy: String?, _ families: [Family]?
  ) -> ServiceExpectation {
    let first = families?.first ?? cluster.primary
    guard policy == "SingleStack" else {
      return .granted(policy ?? "RequireDualStack", [first, first.other], .headless)
    }
    if families?.count == 2 { return .invalid([ServiceCause.policy]) }
    return .granted("SingleStack", [first], .headless)
  }

  /// §2.4, addresses named by the user on a two-family cluster.
  static func named(
    _ policy: String?, _ families: [Family]?, _ ips: [Family]
  ) -> ServiceExpectation {
    let mismatches = zip(families ?? [], ips).enumerated()
      .filter { $0.element.0 != $0.element.1 }.map { ServiceCause.address($0.offset) }
    guard mismatches.isEmpty else { return .invalid(Set(mismatches)) }
    guard let policy, policy != "SingleStack" else {
      if families?.count == 2 || ips.count == 2 { return .invalid([ServiceCause.policy]) }
      return .granted("SingleStack", [ips[0]])
    }
    return .granted(policy, [ips[0], ips[0].other])
  }

  /// §2.4's last line and §2.6 steps 5 to 9, addresses named on a one-family cluster.
  static func namedOnSingle(
    _ own: Family, _ policy: String?, _ families: [Family]?, _ ips: [Family]
  ) -> ServiceExpectation {
    let mismatches = zip(families ?? [], ips).enumerated()
      .filter { $0.element.0 != $0.element.1 }.map { ServiceCause.address($0.offset) }
    guard mismatches.isEmpty else { return .invalid(Set(mismatches)) }
    var causes: Set<String> = []
    let isSingle = policy == nil || policy == "SingleStack"
    if isSingle, families?.count == 2 || ips.count == 2 { causes.insert(ServiceCause.policy) }
    for (index, family) in ips.enumerated()
    where index >= families?.count ?? 0 && family != own {
      causes.insert(ServiceCause.address(index))
    }
    guard causes.isEmpty else { return .invalid(causes) }
    return single(own, policy, families ?? ips, .headful)
  }
}
