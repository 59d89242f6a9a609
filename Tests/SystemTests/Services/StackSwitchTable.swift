import FaultKit

/// §5.2 and §5.3 of the semantics for Services that begin with the family `first`, on a cluster of
/// two families.
///
/// Written from the page alone.
struct StackSwitchTable {
  let first: Family
  let stayed: String
  let added: String

  init(_ first: Family) {
    self.first = first
    stayed = Cluster.staticAddress(first, 11)
    added = Cluster.staticAddress(first.other, 12)
  }

  private var both: [Family] { [first, first.other] }

  /// The lists of families and addresses that agree with [a, b].
  private var agreeingFamilies: [[Family]?] { [nil, [first], both] }
  private var agreeingAddresses: [[String]?] { [nil, [stayed], [stayed, added]] }

  private func what(_ policy: String?, _ families: [Family]?, _ ips: [String]?) -> String {
    "\(policy ?? "—") \(families ?? []) \(ips ?? [])"
  }

  var singleToDual: [ServiceUpdateCase] {
    let stored = ServiceAxis.spec(policy: "SingleStack", ips: [stayed])
    return ServiceAxis.policies.flatMap { policy in
      agreeing(stored, policy) + contradicting(stored, policy)
    }
  }

  private func agreeing(_ stored: JSON, _ policy: String?) -> [ServiceUpdateCase] {
    agreeingFamilies.flatMap { families in
      agreeingAddresses.map { ips in
        ServiceUpdateCase(
          what(policy, families, ips), stored: stored,
          update: ServiceAxis.spec(policy: policy, families: families, ips: ips),
          widened(policy, isTwo: families?.count == 2 || ips?.count == 2), kept: 1)
      }
    }
  }

  private func widened(_ policy: String?, isTwo: Bool) -> ServiceExpectation {
    if let policy, policy != "SingleStack" { return .granted(policy, both) }
    return isTwo ? .invalid([ServiceCause.policy]) : .granted("SingleStack", [first])
  }

  private func contradicting(_ stored: JSON, _ policy: String?) -> [ServiceUpdateCase] {
    let spec = { ServiceAxis.spec(policy: policy, families: $0, ips: $1) }
    return [
      ServiceUpdateCase(
        what(policy, [first.other], nil), stored: stored, update: spec([first.other], nil),
        .invalid([ServiceCause.address(0)])),
      ServiceUpdateCase(
        what(policy, [first.other, first], nil), stored: stored,
        update: spec([first.other, first], nil), .invalid([ServiceCause.address(0)])),
      ServiceUpdateCase(
        what(policy, both, [added, stayed]), stored: stored,
        update: spec(both, [added, stayed]),
        .invalid([ServiceCause.address(0), ServiceCause.address(1)])),
      ServiceUpdateCase(
        what(policy, nil, [added]), stored: stored, update: spec(nil, [added]),
        .invalidAtLeast([ServiceCause.address(0)])),
      ServiceUpdateCase(
        what(policy, nil, [added, stayed]), stored: stored, update: spec(nil, [added, stayed]),
        .invalidAtLeast([
          policy == nil || policy == "SingleStack"
            ? ServiceCause.policy : ServiceCause.address(0)
        ])),
    ]
  }

  func dualToSingle(stored policy: String) -> [ServiceUpdateCase] {
    let stored = ServiceAxis.spec(policy: policy, families: both, ips: [stayed, added])
    let staying = [nil, "PreferDualStack", "RequireDualStack"].flatMap { sent in
      agreeingFamilies.flatMap { families in
        agreeingAddresses.map { ips in
          let isReduced = families?.count == 1 || ips?.count == 1
          return ServiceUpdateCase(
            "\(policy): " + what(sent, families, ips), stored: stored,
            update: ServiceAxis.spec(policy: sent, families: families, ips: ips),
            isReduced ? .invalid([ServiceCause.policy]) : .granted(sent ?? policy, both), kept: 2)
        }
      }
    }
    return staying + trimmed(stored) + notTrimmed(stored)
  }

  private func trimmed(_ stored: JSON) -> [ServiceUpdateCase] {
    agreeingFamilies.flatMap { families in
      agreeingAddresses.map { ips in
        ServiceUpdateCase(
          what("SingleStack", families, ips), stored: stored,
          update: ServiceAxis.spec(policy: "SingleStack", families: families, ips: ips),
          .granted("SingleStack", [first]), kept: 1)
      }
    }
  }

  private func notTrimmed(_ stored: JSON) -> [ServiceUpdateCase] {
    let spec = { ServiceAxis.spec(policy: "SingleStack", families: $0, ips: $1) }
    let swapped = [first.other, first]
    let third = Cluster.staticAddress(first.other, 13)
    return [
      ServiceUpdateCase(
        what("SingleStack", [first.other], nil), stored: stored,
        update: spec([first.other], nil), .invalidAtLeast([ServiceCause.address(0)])),
      ServiceUpdateCase(
        what("SingleStack", swapped, nil), stored: stored, update: spec(swapped, nil),
        .invalidAtLeast([ServiceCause.address(0)])),
      ServiceUpdateCase(
        what("SingleStack", nil, [added]), stored: stored, update: spec(nil, [added]),
        .invalidAtLeast([ServiceCause.address(0)])),
      ServiceUpdateCase(
        what("SingleStack", nil, [stayed, third]), stored: stored,
        update: spec(nil, [stayed, third]), .invalidAtLeast([ServiceCause.policy])),
    ]
  }
}
