import Addressing

extension ServiceSpec {
  /// The spec with what reading fills in for objects older than dual-stack (semantics §10.1);
  /// what is set is left alone.
  ///
  /// Expects a canonical spec of a checked shape.
  func withReadDefaults(primary: IPFamily) -> ServiceSpec {
    guard !isExternalName else { return self }
    var spec = withPlural()
    let hasBoth =
      if let ipFamilies {
        ipFamilies.count == 2
      } else if spec.isHeadless {
        ipFamilyPolicy.map { $0 != StackPolicy.single.rawValue } ?? (selector == nil)
      } else {
        spec.clusterIPs?.count == 2
      }
    let policy: StackPolicy = hasBoth ? .require : .single
    let families =
      spec.isHeadless
      ? [primary] + (hasBoth ? [primary.other] : [])
      : (spec.clusterIPs ?? []).compactMap { IPAddress($0)?.family }
    spec.ipFamilyPolicy = ipFamilyPolicy ?? policy.rawValue
    spec.ipFamilies = ipFamilies ?? families.map(\.name)
    return spec
  }

  /// What is left out is kept (semantics §5.1, neither side ExternalName).
  ///
  /// Policy and families are not copied: they are worked out again.
  mutating func keepBlanks(of stored: ServiceSpec) {
    clusterIP = clusterIP ?? stored.clusterIP
    if clusterIP == stored.clusterIP { clusterIPs = clusterIPs ?? stored.clusterIPs }
  }

  /// Brings singular and plural in line where only one of them was changed (semantics §10.2).
  mutating func syncSingular(with stored: ServiceSpec) {
    if clusterIP == stored.clusterIP {
      if clusterIPs == nil { clusterIPs = clusterIP.map { [$0] } }
    } else if clusterIPs == stored.clusterIPs {
      clusterIPs = clusterIP.map { [$0] }
    }
  }

  /// Takes out what the new type has no use for, where the request has left it as it was stored
  /// (semantics §6.2); what it changed stays, to be refused.
  mutating func wipeUnused(stored: ServiceSpec) {
    if isExternalName, !stored.isExternalName {
      if clusterIP == stored.clusterIP { clusterIP = nil }
      if clusterIPs == stored.clusterIPs { clusterIPs = nil }
      if ipFamilies == stored.ipFamilies { ipFamilies = nil }
      if ipFamilyPolicy == stored.ipFamilyPolicy { ipFamilyPolicy = nil }
    }
    if stored.isLoadBalancer, !isLoadBalancer, loadBalancerClass == stored.loadBalancerClass {
      loadBalancerClass = nil
    }
  }
}
