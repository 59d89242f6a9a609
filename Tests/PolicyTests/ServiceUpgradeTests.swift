import Policy
import Testing

/// Single to dual (semantics §5.2): stored SingleStack [a] ip-a, on both two-family clusters and
/// with either family stored.
@Suite struct ServiceUpgradeTests {
  struct Case: Sendable {
    let cluster: ClusterKind
    let a: String
    let b: String
    let policy: String

    static func all(_ policies: [String]) -> [Case] {
      [ClusterKind.dual46, .dual64].flatMap { cluster in
        [("4", "6"), ("6", "4")].flatMap { a, b in
          policies.map { Case(cluster: cluster, a: a, b: b, policy: $0) }
        }
      }
    }

    func updated(_ families: String, _ ips: String) -> String {
      outcome { () throws(PolicyRefusal) in
        try ServicePolicy.update(
          spec(policy, families, ips), stored: spec("SS", a, "a\(a)"), families: cluster.service)
      }
    }
  }

  @Test(arguments: Case.all(["-", "SS"]))
  func `nothing but two of something is more than SingleStack`(update: Case) {
    let (a, b) = (update.a, update.b)
    for families in ["-", a] {
      for ips in ["-", "a\(a)"] {
        #expect(update.updated(families, ips) == "SS \(a): =a\(a)")
      }
      #expect(update.updated(families, "a\(a),a\(b)") == "✗ P")
    }
    #expect(update.updated("\(a),\(b)", "-") == "✗ P")
    #expect(update.updated("\(a),\(b)", "a\(a)") == "✗ P")
    #expect(update.updated("\(a),\(b)", "a\(a),a\(b)") == "✗ P P")
  }

  @Test(arguments: Case.all(["PDS", "RDS"]))
  func `the second family is added and the first address stays`(update: Case) {
    let (a, b) = (update.a, update.b)
    for families in ["-", a, "\(a),\(b)"] {
      for (ips, second) in [("-", "?\(b)"), ("a\(a)", "?\(b)"), ("a\(a),a\(b)", "+a\(b)")] {
        #expect(
          update.updated(families, ips) == "\(update.policy) \(a),\(b): =a\(a) \(second)")
      }
    }
  }

  @Test(arguments: Case.all(["-", "SS", "PDS", "RDS"]))
  func `the first family and address cannot be another one`(update: Case) {
    let (a, b) = (update.a, update.b)
    let isSingle = update.policy == "-" || update.policy == "SS"
    #expect(update.updated(b, "-") == "✗ C0")
    #expect(update.updated("\(b),\(a)", "-") == "✗ C0")
    #expect(update.updated("-", "a\(b),a\(a)") == (isSingle ? "✗ P" : "✗ C0 F0"))
    #expect(update.updated("\(b),\(a)", "a\(b),a\(a)") == (isSingle ? "✗ P P" : "✗ C0 F0"))
    #expect(update.updated("-", "b\(a)") == "✗ C0")
    #expect(update.updated("-", "a\(b)") == "✗ C0 F0")
    #expect(update.updated("-", "b\(a),a\(b)") == (isSingle ? "✗ P" : "✗ C0"))
  }

  @Test(arguments: ["4", "6"])
  func `a one-family cluster has no second family to add`(family: String) {
    let cluster: ClusterKind = family == "4" ? .v4 : .v6
    let other = family == "4" ? "6" : "4"
    for (policy, families, ips, expected) in [
      ("RDS", "-", "-", "✗ P"), ("RDS", family, "-", "✗ P"),
      ("RDS", "\(family),\(other)", "-", "✗ P F1"),
      ("PDS", "-", "-", "PDS \(family): =a\(family)"),
      ("PDS", family, "a\(family)", "PDS \(family): =a\(family)"),
      ("PDS", "\(family),\(other)", "-", "✗ F1"),
      ("PDS", "-", "a\(family),a\(other)", "✗ C1"),
      ("SS", "-", "-", "SS \(family): =a\(family)"),
    ] {
      let stored = spec("SS", family, "a\(family)")
      #expect(
        updated(spec(policy, families, ips), stored: stored, in: cluster) == expected,
        "\(policy) [\(families)] \(ips)")
    }
  }

  /// Semantics §5.5, first two lines.
  @Test(arguments: [
    // Written back unchanged.
    (spec("SS", "4", "a4"), spec("SS", "4", "a4"), "SS 4: =a4"),
    (spec("-"), spec("SS", "4", "a4"), "SS 4: =a4"),
    (spec("PDS", "4", "a4"), spec("PDS", "4", "a4"), "PDS 4: =a4"),
    (spec("PDS", "4"), spec("PDS", "4", "a4"), "PDS 4: =a4"),
    (spec("PDS", "4", "None"), spec("PDS", "4", "None"), "PDS 4: None"),
    // Edited.
    (spec("PDS", "4", "a4", type: "NodePort"), spec("PDS", "4", "a4"), "PDS 4,6: =a4 ?6"),
    (spec("PDS", "4,6"), spec("PDS", "4", "a4"), "PDS 4,6: =a4 ?6"),
    (spec("PDS", "4", "a4,a6"), spec("PDS", "4", "a4"), "PDS 4,6: =a4 +a6"),
    (spec("PDS"), spec("PDS", "4", "a4"), "PDS 4,6: =a4 ?6"),
    (spec("RDS", "4", "a4"), spec("PDS", "4", "a4"), "RDS 4,6: =a4 ?6"),
    (spec("PDS", "4", "a4"), spec("SS", "4", "a4"), "PDS 4,6: =a4 ?6"),
    (spec("PDS", "4,6", "None"), spec("PDS", "4", "None"), "PDS 4,6: None"),
  ])
  func `a cluster that got its second family changes no Service by itself`(
    asked: ServiceSpec, stored: ServiceSpec, expected: String
  ) {
    #expect(updated(asked, stored: stored, in: .dual46) == expected)
    #expect(updated(asked, stored: stored, in: .dual64) == expected)
  }

  private func updated(
    _ asked: ServiceSpec, stored: ServiceSpec, in cluster: ClusterKind
  ) -> String {
    outcome { () throws(PolicyRefusal) in
      try ServicePolicy.update(asked, stored: stored, families: cluster.service)
    }
  }
}
