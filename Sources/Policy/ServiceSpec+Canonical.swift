import Addressing

extension ServiceSpec {
  /// The static defaults (semantics §1 step 1), empty values left out, and addresses in canonical
  /// text, so that they can be compared; a text that is no address stays, to be refused.
  ///
  /// An empty `ipFamilyPolicy` is not left out: to Kubernetes it is a value, and none of the three.
  func canonical() -> ServiceSpec {
    ServiceSpec(
      type: type.unlessEmpty ?? ServiceType.clusterIP.rawValue,
      clusterIP: clusterIP.unlessEmpty.map(Self.canonicalAddress),
      clusterIPs: clusterIPs.unlessEmpty?.map(Self.canonicalAddress),
      ipFamilyPolicy: ipFamilyPolicy,
      ipFamilies: ipFamilies.unlessEmpty,
      selector: selector.unlessEmpty,
      externalName: externalName.unlessEmpty,
      loadBalancerIP: loadBalancerIP.unlessEmpty.map(Self.canonicalAddress),
      loadBalancerClass: loadBalancerClass.unlessEmpty)
  }

  /// With the plural that the singular stands for (semantics §10.2, CREATE); never the reverse.
  func withPlural() -> ServiceSpec {
    guard clusterIPs == nil, let clusterIP else { return self }
    var spec = self
    spec.clusterIPs = [clusterIP]
    return spec
  }

  private static func canonicalAddress(_ text: String) -> String {
    IPAddress(text)?.description ?? text
  }
}

extension Optional where Wrapped: Collection {
  fileprivate var unlessEmpty: Wrapped? {
    flatMap { $0.isEmpty ? nil : $0 }
  }
}
