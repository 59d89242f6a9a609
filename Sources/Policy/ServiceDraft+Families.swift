import Addressing

// Steps 5 to 11 of semantics §2.6; each part says which.
extension ServiceDraft {
  /// Works out the families, or says why there are none that fit.
  mutating func resolveFamilies(
    in cluster: ServiceFamilies, stored: ServiceDraft? = nil
  ) -> [Cause] {
    let early = trim(to: stored) + surplusCauses + inferFamilies(in: cluster)
    guard early.isEmpty else { return early }
    // Step 8. A cluster without Service ranges has nothing to compare a headless Service with.
    if isHeadless, isSelectorless || cluster.isEmpty {
      families = families.isEmpty ? [cluster.primary] : families
      appendSecondFamily(where: true)
      return []
    }
    let late = clusterCauses(cluster)
    guard late.isEmpty else { return late }
    families = families.isEmpty ? [cluster.primary] : families  // Step 10
    appendSecondFamily(where: cluster.isDual)  // Step 11
    return []
  }

  /// Step 5: SingleStack drops what is second, if it is as stored; nothing else drops anything.
  private mutating func trim(to stored: ServiceDraft?) -> [Cause] {
    guard let stored else { return [] }
    guard policy != .single else {
      if clusterIPs == stored.clusterIPs { clusterIPs = Array(clusterIPs.prefix(1)) }
      if families == stored.families { families = Array(families.prefix(1)) }
      return []
    }
    var causes: [Cause] = []
    let field = ServiceField.ipFamilyPolicy
    if !clusterIPs.isEmpty, clusterIPs.count < stored.clusterIPs.count {
      causes.append(field.cause(.invalid, "must be SingleStack to give up the second cluster IP"))
    }
    if !families.isEmpty, families.count < stored.families.count {
      causes.append(field.cause(.invalid, "must be SingleStack to give up the second family"))
    }
    return causes
  }

  /// Step 6: what is too much for SingleStack, also when nobody said SingleStack.
  var surplusCauses: [Cause] {
    guard policy == .single else { return [] }
    var causes: [Cause] = []
    let field = ServiceField.ipFamilyPolicy
    let wanted = "must be RequireDualStack or PreferDualStack for two"
    if clusterIPs.count > 1 { causes.append(field.cause(.invalid, "\(wanted) cluster IPs")) }
    if families.count > 1 { causes.append(field.cause(.invalid, "\(wanted) families")) }
    return causes
  }

  /// Step 7: an address without a listed family lists its own, if the cluster has it.
  private mutating func inferFamilies(in cluster: ServiceFamilies) -> [Cause] {
    var causes: [Cause] = []
    for (index, address) in addresses.enumerated().dropFirst(families.count) {
      if cluster.contains(address.family) {
        families.append(address.family)
      } else {
        causes.append(Self.unconfigured(.clusterIPs, at: index, address.family))
      }
    }
    return causes
  }

  /// Step 9, and the Service that needs an address where there are none at all.
  private func clusterCauses(_ cluster: ServiceFamilies) -> [Cause] {
    var causes: [Cause] = []
    if policy == .require, !cluster.isDual {
      let message = "the cluster has no Service ranges of both families"
      causes.append(ServiceField.ipFamilyPolicy.cause(.invalid, message))
    }
    for (index, family) in families.enumerated() where !cluster.contains(family) {
      causes.append(Self.unconfigured(.ipFamilies, at: index, family))
    }
    if causes.isEmpty, cluster.isEmpty {
      let message = "the cluster has no Service range to take an address from"
      causes.append(ServiceField.clusterIPs.cause(.invalid, message))
    }
    return causes
  }

  private mutating func appendSecondFamily(where isWanted: Bool) {
    guard isWanted, policy != .single, families.count == 1 else { return }
    families.append(families[0].other)
  }

  static func unconfigured(_ field: ServiceField, at index: Int, _ family: IPFamily) -> Cause {
    field.cause(
      at: index, .invalid, "the cluster has no Service range of the family \(family.name)")
  }
}
