import Addressing

/// Policy, families and cluster IPs of a Service that is not ExternalName, read from a spec whose
/// shape has been checked.
struct ServiceDraft {
  var policy: StackPolicy
  var families: [IPFamily]

  /// Canonical texts: `None` alone for a headless Service, and none where none was named.
  var clusterIPs: [String]

  /// It names no pods: what its endpoints are is for its owner to say.
  let isSelectorless: Bool

  /// A policy that is left out is the stored one; else a headless Service without a selector is
  /// taken to have endpoints of both families, and any other one of one (semantics §2.6 step 3).
  init(_ spec: ServiceSpec, stored: ServiceDraft? = nil) {
    isSelectorless = spec.selector == nil
    clusterIPs = spec.clusterIPs ?? []
    families = (spec.ipFamilies ?? []).compactMap(IPFamily.init(name:))
    policy =
      spec.ipFamilyPolicy.flatMap(StackPolicy.init(rawValue:)) ?? stored?.policy
      ?? (spec.isHeadless && isSelectorless ? .require : .single)
  }

  var isHeadless: Bool { clusterIPs == [ServiceSpec.none] }

  var addresses: [IPAddress] {
    clusterIPs.compactMap { IPAddress($0) }
  }

  /// One wish for each family, in its order.
  func wishes(stored: ServiceDraft?) -> [AddressWish] {
    guard !isHeadless else { return [] }
    let named = addresses
    let held = stored?.addresses ?? []
    return families.enumerated().map { index, family in
      guard index < named.count else { return .automatic(family) }
      return held.contains(named[index]) ? .keep(named[index]) : .fixed(named[index])
    }
  }

  /// Puts policy and families into the spec, and takes out the addresses that are wishes now.
  func applied(to spec: ServiceSpec) -> ServiceSpec {
    var spec = spec
    spec.ipFamilyPolicy = policy.rawValue
    spec.ipFamilies = families.map(\.name)
    spec.clusterIP = isHeadless ? ServiceSpec.none : nil
    spec.clusterIPs = isHeadless ? [ServiceSpec.none] : nil
    return spec
  }
}
