import Addressing

extension ServicePolicy {
  /// What the API server makes of a PUT over a stored Service (semantics §5 and §6).
  package static func update(
    _ spec: ServiceSpec, stored: ServiceSpec, families: ServiceFamilies
  ) throws(PolicyRefusal) -> ServicePlan {
    let old = stored.canonical().withReadDefaults(primary: families.primary)
    // An ExternalName Service has nothing to keep: what follows it is as if new (§6.2).
    guard !old.isExternalName else { return try create(spec, families: families) }
    var new = spec.canonical()
    if !new.isExternalName { new.keepBlanks(of: old) }
    new.syncSingular(with: old)
    let hasSameStack = isPreferredStack(new, asIn: old)
    new.wipeUnused(stored: old)

    let held = ServiceDraft(old)
    let typeCauses = ServiceTypeRules.causes(new, stored: old)
    guard !new.isExternalName else {
      try refuse(typeCauses)
      return ServicePlan(spec: new, wishes: [], released: held.addresses)
    }
    try refuse(ServiceShape.causes(new), with: typeCauses)
    var draft = ServiceDraft(new, stored: held)
    if !hasSameStack {
      try refuse(draft.resolveFamilies(in: families, stored: held), with: typeCauses)
    }
    try refuse(typeCauses + changeCauses(draft, stored: held))
    let kept = draft.addresses
    return ServicePlan(
      spec: draft.applied(to: new), wishes: draft.wishes(stored: held),
      released: held.addresses.filter { !kept.contains($0) })
  }

  /// A PreferDualStack Service that is written back unchanged neither gains nor loses a family
  /// because the cluster has (semantics §2.6 step 2, §5.5).
  private static func isPreferredStack(_ new: ServiceSpec, asIn old: ServiceSpec) -> Bool {
    new.ipFamilyPolicy == StackPolicy.prefer.rawValue && old.ipFamilyPolicy == new.ipFamilyPolicy
      && new.type == old.type && new.clusterIPs == old.clusterIPs
      && new.ipFamilies == old.ipFamilies
  }

  /// What may not change (semantics §4.4), with what the steps before made of the request.
  private static func changeCauses(_ new: ServiceDraft, stored old: ServiceDraft) -> [Cause] {
    guard !new.isHeadless || !old.isHeadless else { return [] }
    let addresses = changes(of: new.clusterIPs, from: old.clusterIPs)
      .map { ServiceField.clusterIPs.cause(at: $0, .invalid, "may not change once set") }
    // Kubernetes reports every change of a family at the first one.
    let families = changes(of: new.families, from: old.families)
      .map { _ in ServiceField.ipFamilies.cause(at: 0, .invalid, "may not change once set") }
    return addresses + families
  }

  /// The indices at which two lists differ that may grow and shrink behind their first value.
  ///
  /// That SingleStack alone shrinks them was seen to before (§2.6 step 5).
  private static func changes<Value: Equatable>(
    of new: [Value], from old: [Value]
  ) -> [Int] {
    let compared = new.count == old.count ? old.count : min(1, old.count)
    return (0..<compared).filter { $0 >= new.count || new[$0] != old[$0] }
  }
}
