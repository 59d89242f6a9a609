import Addressing

/// What the type of a Service asks of its other fields (semantics §4.3).
enum ServiceTypeRules {
  /// Expects a canonical spec with its plural filled; `stored` is the one that it replaces.
  static func causes(_ spec: ServiceSpec, stored: ServiceSpec? = nil) -> [Cause] {
    typeCauses(spec) + (spec.isExternalName ? externalNameCauses(spec) : [])
      + classCauses(spec, stored: stored)
  }

  private static func typeCauses(_ spec: ServiceSpec) -> [Cause] {
    switch spec.type.flatMap(ServiceType.init(rawValue:)) {
    case nil:
      let message = "must be one of ClusterIP, NodePort, LoadBalancer, ExternalName"
      return [ServiceField.type.cause(.notSupported, message)]
    case .nodePort?, .loadBalancer?:
      guard spec.isHeadless else { return [] }
      let message = "may not be None for a Service of the type \(spec.type ?? "")"
      return [ServiceField.clusterIPs.cause(at: 0, .invalid, message)]
    case .clusterIP?, .externalName?:
      return []
    }
  }

  private static func externalNameCauses(_ spec: ServiceSpec) -> [Cause] {
    let message = "may not be set for an ExternalName Service"
    var causes: [Cause] = []
    if spec.clusterIP != nil || spec.clusterIPs != nil {
      causes.append(ServiceField.clusterIPs.cause(.forbidden, message))
    }
    if spec.ipFamilies != nil { causes.append(ServiceField.ipFamilies.cause(.forbidden, message)) }
    if spec.ipFamilyPolicy != nil {
      causes.append(ServiceField.ipFamilyPolicy.cause(.forbidden, message))
    }
    return causes + nameCauses(spec.externalName ?? "")
  }

  /// A trailing dot is fine: it says that the name is complete.
  private static func nameCauses(_ name: String) -> [Cause] {
    let bytes = name.utf8.last == UInt8(ascii: ".") ? name.utf8.dropLast() : name.utf8[...]
    guard !bytes.isEmpty else {
      let message = "must be given for an ExternalName Service"
      return [ServiceField.externalName.cause(.required, message)]
    }
    guard !isSubdomain(bytes) else { return [] }
    let message = "must be a DNS name of lower-case letters, digits, '-' and '.'"
    return [ServiceField.externalName.cause(.invalid, message)]
  }

  /// A subdomain by RFC 1123, as Kubernetes reads it: 253 bytes at most, labels of any length.
  private static func isSubdomain(_ bytes: Substring.UTF8View) -> Bool {
    guard bytes.count <= 253 else { return false }
    return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .allSatisfy { label in
        guard let first = label.first, let last = label.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
          && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
      }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func classCauses(_ spec: ServiceSpec, stored: ServiceSpec?) -> [Cause] {
    let field = ServiceField.loadBalancerClass
    guard spec.isLoadBalancer else {
      guard spec.loadBalancerClass != nil else { return [] }
      return [field.cause(.forbidden, "may only be set for a Service of the type LoadBalancer")]
    }
    guard let stored, stored.isLoadBalancer else { return [] }
    guard stored.loadBalancerClass != spec.loadBalancerClass else { return [] }
    return [field.cause(.invalid, "may not change while the type is LoadBalancer")]
  }
}
