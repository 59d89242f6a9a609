import Addressing

/// The checks of the address fields that need no knowledge of the cluster (semantics §4.1).
///
/// They expect a canonical spec with its plural filled, of a Service that is not ExternalName.
enum ServiceShape {
  static func causes(_ spec: ServiceSpec) -> [Cause] {
    pairingCauses(spec) + familyCauses(spec.ipFamilies ?? []) + policyCauses(spec.ipFamilyPolicy)
      + addressCauses(spec)
  }

  private static func pairingCauses(_ spec: ServiceSpec) -> [Cause] {
    let field = ServiceField.clusterIPs
    guard let singular = spec.clusterIP else {
      guard spec.clusterIPs != nil else { return [] }
      return [field.cause(.invalid, "must be left out when `clusterIP` is left out")]
    }
    guard let first = spec.clusterIPs?.first else {
      return [field.cause(.required, "must be given when `clusterIP` is changed")]
    }
    return first == singular ? [] : [field.cause(.invalid, "the first must equal `clusterIP`")]
  }

  /// A third family is a repeated or an unknown one, so it needs no check of its own.
  private static func familyCauses(_ families: [String]) -> [Cause] {
    var causes: [Cause] = []
    for (index, name) in families.enumerated() {
      if IPFamily(name: name) == nil {
        let message = "must be IPv4 or IPv6"
        causes.append(ServiceField.ipFamilies.cause(at: index, .notSupported, message))
      }
      if families[..<index].contains(name) {
        let message = "each family may be listed once"
        causes.append(ServiceField.ipFamilies.cause(at: index, .duplicate, message))
      }
    }
    return causes
  }

  private static func policyCauses(_ policy: String?) -> [Cause] {
    guard let policy, StackPolicy(rawValue: policy) == nil else { return [] }
    let names = StackPolicy.allCases.map(\.rawValue).joined(separator: ", ")
    return [ServiceField.ipFamilyPolicy.cause(.notSupported, "must be one of \(names)")]
  }

  private static func addressCauses(_ spec: ServiceSpec) -> [Cause] {
    let texts = spec.clusterIPs ?? []
    let isHeadless = texts.first == ServiceSpec.none
    var causes: [Cause] = []
    if isHeadless, texts.count > 1 {
      causes.append(ServiceField.clusterIPs.cause(.invalid, "None must stand alone"))
    }
    for (index, text) in texts.enumerated() where index > 0 || !isHeadless {
      guard let error = textError(text) else { continue }
      causes.append(ServiceField.clusterIPs.cause(at: index, .invalid, error.message))
    }
    let isReadable = causes.isEmpty
    if texts.count > 2 {
      let message = "may hold two addresses at most"
      causes.append(ServiceField.clusterIPs.cause(.invalid, message))
    }
    guard isReadable, !isHeadless else { return causes }
    return causes + stackCauses(texts.compactMap { IPAddress($0)?.family }, spec.ipFamilies ?? [])
  }

  /// Whether the addresses are of one family each, and of those listed.
  private static func stackCauses(_ families: [IPFamily], _ listed: [String]) -> [Cause] {
    var causes: [Cause] = []
    if families.count > 1, Set(families).count < 2 {
      let message = "may hold one address of each family at most"
      causes.append(ServiceField.clusterIPs.cause(.invalid, message))
    }
    for (index, (family, name)) in zip(families, listed).enumerated() {
      guard let expected = IPFamily(name: name), expected != family else { continue }
      let message = "must be of the family \(expected.name), as ipFamilies[\(index)] says"
      causes.append(ServiceField.clusterIPs.cause(at: index, .invalid, message))
    }
    return causes
  }

  private static func textError(_ text: String) -> AddressTextError? {
    do throws(AddressTextError) {
      _ = try IPAddress(parsing: text.utf8Span.span)
      return nil
    } catch {
      return error
    }
  }
}
