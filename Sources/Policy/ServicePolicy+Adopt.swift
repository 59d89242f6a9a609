import Addressing

extension ServicePolicy {
  /// A Service that stands in a cluster already: read as Kubernetes reads it (semantics §10.1),
  /// and held with exactly the addresses that it has.
  package static func adopt(
    _ spec: ServiceSpec, families: ServiceFamilies
  ) throws(PolicyRefusal) -> ServicePlan {
    let spec = normalised(spec)
    let typeCauses = ServiceTypeRules.causes(spec)
    guard !spec.isExternalName else {
      try refuse(typeCauses)
      return ServicePlan(spec: spec, wishes: [], released: [])
    }
    try refuse(ServiceShape.causes(spec) + missingAddress(spec), with: typeCauses)
    let read = spec.withReadDefaults(primary: families.primary)
    let draft = ServiceDraft(read)
    try refuse(draft.surplusCauses + addressCauses(draft, in: families) + typeCauses)
    return ServicePlan(
      spec: draft.applied(to: read), wishes: draft.wishes(stored: nil), released: [])
  }

  private static func missingAddress(_ spec: ServiceSpec) -> [Cause] {
    guard spec.clusterIP == nil, spec.clusterIPs == nil else { return [] }
    let message = "a Service that is adopted has an address, or None"
    return [ServiceField.clusterIP.cause(.required, message)]
  }

  /// Every family has its address, and every address a family of the cluster.
  private static func addressCauses(
    _ draft: ServiceDraft, in cluster: ServiceFamilies
  ) -> [Cause] {
    guard !draft.isHeadless else { return [] }
    let addresses = draft.addresses
    guard addresses.count == draft.families.count else {
      let message = "a Service that is adopted has one address for each of its families"
      return [ServiceField.ipFamilies.cause(.invalid, message)]
    }
    return addresses.enumerated().filter { !cluster.contains($1.family) }
      .map { ServiceDraft.unconfigured(.clusterIPs, at: $0, $1.family) }
  }
}
