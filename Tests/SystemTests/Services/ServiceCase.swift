import FaultKit

/// What Kubernetes' tables say must come of a Service.
enum ServiceExpectation: Sendable {
  /// Its policy and families; an address for each family when it is `headful`.
  case granted(String, [Family], ServiceAddresses = .headful)

  /// An ExternalName: none of the four fields.
  case external

  /// InvalidParams with exactly these causes, each as `field Reason`.
  case invalid(Set<String>)

  /// InvalidParams with these causes, and maybe more that follow from them.
  case invalidAtLeast(Set<String>)

  /// Another error, by its code and reason, with the fields of its causes.
  case refused(Int, String, fields: Set<String> = [])
}

enum ServiceAddresses: Sendable {
  case headful
  case headless
}

/// One row of a table: a spec and what must come of it.
struct ServiceCase: Sendable {
  let what: String
  let spec: JSON
  let expected: ServiceExpectation

  init(_ what: String, _ spec: JSON, _ expected: ServiceExpectation) {
    self.what = what
    self.spec = spec
    self.expected = expected
  }
}

/// The axes of the tables; nil is a field left out.
enum ServiceAxis {
  static let policies: [String?] = [nil, "SingleStack", "PreferDualStack", "RequireDualStack"]
  static let dualPolicies = ["PreferDualStack", "RequireDualStack"]

  /// Family lists relative to a first family: —, [f], [o], [f,o], [o,f].
  static func families(_ first: Family) -> [[Family]?] {
    [nil, [first], [first.other], [first, first.other], [first.other, first]]
  }

  static func spec(
    type: String? = nil, policy: String? = nil, families: [Family]? = nil, ips: [String]? = nil,
    selector: JSON? = nil
  ) -> JSON {
    let spec: JSON = [:]
    return spec.with("type", type.map { .string($0) })
      .with("ipFamilyPolicy", policy.map { .string($0) })
      .with("ipFamilies", families.map { .strings($0.map(\.rawValue)) })
      .with("clusterIP", ips?.first.map { .string($0) })
      .with("clusterIPs", ips.map { .strings($0) })
      .with("selector", selector)
  }
}

/// Causes as the tables name them.
enum ServiceCause {
  static let policy = "spec.ipFamilyPolicy Invalid"
  static let addresses = "spec.clusterIPs Invalid"

  static func address(_ index: Int) -> String { "spec.clusterIPs[\(index)] Invalid" }
  static func family(_ index: Int) -> String { "spec.ipFamilies[\(index)] Invalid" }
}
