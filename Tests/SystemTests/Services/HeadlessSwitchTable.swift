import FaultKit

/// §5.4 of the semantics: a headless Service with a selector, on a cluster of two families whose
/// primary one is `first`.
///
/// No address is touched in any row.
struct HeadlessSwitchTable {
  let first: Family

  init(_ first: Family) { self.first = first }

  private var both: [Family] { [first, first.other] }
  private static let selector: JSON = ["app": "db"]

  private func spec(_ policy: String?, _ families: [Family]?) -> JSON {
    ServiceAxis.spec(
      policy: policy, families: families, ips: ["None"], selector: Self.selector)
  }

  private func row(
    _ storedPolicy: String, _ policy: String?, _ families: [Family]?,
    _ expected: ServiceExpectation
  ) -> ServiceUpdateCase {
    let storedFamilies = storedPolicy == "SingleStack" ? [first] : both
    return ServiceUpdateCase(
      "\(storedPolicy) to \(policy ?? "—") \(families ?? [])",
      stored: spec(storedPolicy, storedFamilies), update: spec(policy, families), expected)
  }

  var rows: [ServiceUpdateCase] { widening + narrowing + free }

  private var widening: [ServiceUpdateCase] {
    ServiceAxis.policies.flatMap { policy in
      [nil, [first], both].map { families in
        guard let policy, policy != "SingleStack" else {
          let isTwo = families?.count == 2
          return row(
            "SingleStack", policy, families,
            isTwo
              ? .invalid([ServiceCause.policy]) : .granted("SingleStack", [first], .headless))
        }
        return row("SingleStack", policy, families, .granted(policy, both, .headless))
      }
    }
  }

  private var narrowing: [ServiceUpdateCase] {
    ServiceAxis.policies.flatMap { policy in
      [nil, [first], both].map { families in
        if policy == "SingleStack" {
          return row(
            "RequireDualStack", policy, families, .granted("SingleStack", [first], .headless))
        }
        return row(
          "RequireDualStack", policy, families,
          families?.count == 1
            ? .invalid([ServiceCause.policy])
            : .granted(policy ?? "RequireDualStack", both, .headless))
      }
    }
  }

  /// §4.4's last line: between headless and headless, order and first family are free.
  private var free: [ServiceUpdateCase] {
    [
      row(
        "SingleStack", "SingleStack", [first.other],
        .granted("SingleStack", [first.other], .headless)),
      row(
        "RequireDualStack", "RequireDualStack", [first.other, first],
        .granted("RequireDualStack", [first.other, first], .headless)),
      row(
        "SingleStack", "RequireDualStack", [first.other],
        .granted("RequireDualStack", [first.other, first], .headless)),
    ]
  }
}
