package import Addressing

/// Which ingress addresses a Service of type LoadBalancer has (contract §4, LoadBalancer).
package enum LoadBalancerPolicy {
  /// The `loadBalancerClass` that is ours; a Service with any other one is somebody else's.
  package static let ownClass = "ipledger"

  /// One wish for each of the Service's families that there are ranges of, in their order; none
  /// for other types and classes.
  ///
  /// - Parameters:
  ///   - spec: as it is stored: with its families.
  ///   - held: the ingress addresses that the Service has.
  /// - Throws: `PolicyRefusal` when `loadBalancerIP` cannot be one of them.
  package static func wishes(
    for spec: ServiceSpec, held: [IPAddress], families: [IPFamily]
  ) throws(PolicyRefusal) -> [AddressWish] {
    guard !families.isEmpty, spec.type == "LoadBalancer",
      spec.loadBalancerClass == nil || spec.loadBalancerClass == ownClass
    else { return [] }
    let own = (spec.ipFamilies ?? []).compactMap { name in
      IPFamily.allCases.first { $0.name == name }
    }
    let named = try namedAddress(spec, own.filter(families.contains))
    return own.filter(families.contains).map { family in
      let former = held.first { $0.family == family }
      if let named, named.family == family {
        return named == former ? .keep(named) : .fixed(named)
      }
      return former.map { .keep($0) } ?? .automatic(family)
    }
  }

  private static func namedAddress(
    _ spec: ServiceSpec, _ families: [IPFamily]
  ) throws(PolicyRefusal) -> IPAddress? {
    guard let text = spec.loadBalancerIP, !text.isEmpty else { return nil }
    let field = "spec.loadBalancerIP"
    guard let address = IPAddress(text) else {
      throw PolicyRefusal([Cause(field, .invalid, "'\(text)' is no IP address")])
    }
    guard families.contains(address.family) else {
      throw PolicyRefusal([
        Cause(
          field, .invalid,
          """
          \(text) is an \(address.family.name) address, and the Service gets \
          \(families.map(\.name).joined(separator: " and ")) ingress addresses only
          """)
      ])
    }
    return address
  }
}
