import Policy
import Testing

/// Dual to single (semantics §5.3): stored RequireDualStack [a,b] with both addresses.
@Suite struct ServiceDowngradeTests {
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
          spec(policy, families, ips), stored: spec("RDS", "\(a),\(b)", "a\(a),a\(b)"),
          families: cluster.service)
      }
    }
  }

  @Test(arguments: Case.all(["-", "PDS", "RDS"]))
  func `two stay two until SingleStack is said`(update: Case) {
    let (a, b) = (update.a, update.b)
    let policy = update.policy == "-" ? "RDS" : update.policy
    for families in ["-", "\(a),\(b)"] {
      for ips in ["-", "a\(a),a\(b)"] {
        #expect(update.updated(families, ips) == "\(policy) \(a),\(b): =a\(a) =a\(b)")
      }
      #expect(update.updated(families, "a\(a)") == "✗ P")
    }
    #expect(update.updated(a, "-") == "✗ P")
    #expect(update.updated(a, "a\(a)") == "✗ P P")
    #expect(update.updated(a, "a\(a),a\(b)") == "✗ P")
  }

  @Test(arguments: Case.all(["SS"]))
  func `SingleStack gives up the second family and address`(update: Case) {
    let (a, b) = (update.a, update.b)
    for families in ["-", a, "\(a),\(b)"] {
      for ips in ["-", "a\(a)", "a\(a),a\(b)"] {
        #expect(update.updated(families, ips) == "SS \(a): =a\(a) -a\(b)")
      }
    }
  }

  /// A list that is not as stored is not trimmed, whatever the other one is.
  @Test(arguments: Case.all(["SS"]))
  func `SingleStack does not change what comes first`(update: Case) {
    let (a, b) = (update.a, update.b)
    #expect(update.updated(b, "-") == "✗ C0")
    #expect(update.updated(b, "a\(b)") == "✗ C0 F0")
    #expect(update.updated("-", "a\(b)") == "✗ C0 F0")
    #expect(update.updated("\(b),\(a)", "-") == "✗ C0 C1")
    #expect(update.updated("-", "a\(b),a\(a)") == "✗ P")
    #expect(update.updated("-", "a\(a),b\(b)") == "✗ P")
    #expect(update.updated("\(a),\(b)", "a\(a),b\(b)") == "✗ P")
    #expect(update.updated(a, "b\(a)") == "✗ C0")
  }

  @Test(arguments: Case.all(["-", "PDS", "RDS"]))
  func `nothing changes an address of two`(update: Case) {
    let (a, b) = (update.a, update.b)
    #expect(update.updated("-", "a\(a),b\(b)") == "✗ C1")
    #expect(update.updated("-", "b\(a),a\(b)") == "✗ C0")
    #expect(update.updated("-", "b\(a),b\(b)") == "✗ C0 C1")
    #expect(update.updated("-", "a\(b),a\(a)") == "✗ C0 C1 F0 F0")
    #expect(update.updated("\(b),\(a)", "-") == "✗ C0 C1")
  }

  /// Semantics §5.5, third line; what is kept is kept although its family has no range.
  @Test(arguments: [
    ("PDS", "PDS", "4,6", "a4,a6", ClusterKind.v4, "PDS 4,6: =a4 =a6"),
    ("PDS", "PDS", "4,6", "a4,a6", .v6, "PDS 4,6: =a4 =a6"),
    ("PDS", "PDS", "4,6", "a4,a6", .none, "PDS 4,6: =a4 =a6"),
    ("PDS", "PDS", "4,6", "-", .v4, "PDS 4,6: =a4 =a6"),
    ("PDS", "PDS", "-", "-", .v4, "✗ C1"), ("PDS", "PDS", "-", "-", .v6, "✗ C0"),
    ("PDS", "-", "4,6", "a4,a6", .v4, "✗ F1"), ("PDS", "RDS", "4,6", "a4,a6", .v4, "✗ P F1"),
    ("RDS", "RDS", "4,6", "a4,a6", .v4, "✗ P F1"), ("RDS", "PDS", "4,6", "a4,a6", .v4, "✗ F1"),
    ("RDS", "-", "-", "-", .v4, "✗ C1"),
    ("RDS", "SS", "-", "-", .v4, "SS 4: =a4 -a6"), ("PDS", "SS", "4,6", "-", .v4, "SS 4: =a4 -a6"),
    ("RDS", "SS", "4,6", "-", .v6, "✗ F0"), ("RDS", "SS", "-", "-", .v6, "✗ C0"),
  ])
  func `a cluster that lost a family takes no address away by itself`(
    stored: String, policy: String, families: String, ips: String, cluster: ClusterKind,
    expected: String
  ) {
    let stored = spec(stored, "4,6", "a4,a6")
    #expect(
      outcome { () throws(PolicyRefusal) in
        try ServicePolicy.update(
          spec(policy, families, ips), stored: stored, families: cluster.service)
      } == expected)
  }
}
