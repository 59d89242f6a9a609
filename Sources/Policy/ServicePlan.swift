package import Addressing

/// One address of a Service that is to be held once the plan has been carried out.
package enum AddressWish: Sendable, Equatable {
  /// Held already, also when its family is not configured any more.
  case keep(IPAddress)
  /// Named by the request.
  case fixed(IPAddress)
  /// Any free one of the family.
  case automatic(IPFamily)
}

/// What a request about a Service comes to, once its addresses are found.
package struct ServicePlan: Sendable, Equatable {
  /// The resulting spec; `clusterIP` and `clusterIPs` are left out as long as there are wishes.
  package var spec: ServiceSpec

  /// One for each of `clusterIPs`, in their order; none for headless and ExternalName.
  package var wishes: [AddressWish]

  /// The stored addresses that are given up, in the stored order.
  package var released: [IPAddress]

  /// The spec with the addresses that the wishes came to.
  package func resolved(_ addresses: [IPAddress]) -> ServiceSpec {
    precondition(addresses.count == wishes.count, "every wish is granted by one address")
    guard !addresses.isEmpty else { return spec }
    var spec = spec
    spec.clusterIPs = addresses.map(\.description)
    spec.clusterIP = spec.clusterIPs?.first
    return spec
  }
}
