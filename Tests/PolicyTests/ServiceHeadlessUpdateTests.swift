import Policy
import Testing

/// Headless Services on update (semantics §5.4, and the last line of §4.4).
@Suite struct ServiceHeadlessUpdateTests {
  struct Case: Sendable {
    let cluster: ClusterKind
    let a: String
    let b: String
    let ips: String

    static let all = [ClusterKind.dual46, .dual64].flatMap { cluster in
      [("4", "6"), ("6", "4")].flatMap { a, b in
        ["-", "None"].map { Case(cluster: cluster, a: a, b: b, ips: $0) }
      }
    }
  }

  @Test(arguments: Case.all, ["PDS", "RDS"])
  func `with a selector one family becomes two`(update: Case, policy: String) {
    let (a, b) = (update.a, update.b)
    let stored = spec("SS", a, "None")
    for families in [a, "\(a),\(b)"] {
      let asked = spec(policy, families, update.ips)
      #expect(updated(asked, stored, update.cluster) == "\(policy) \(a),\(b): None")
    }
    // Left out, the families are the cluster's: nothing says what they were.
    let both = update.cluster == .dual46 ? "4,6" : "6,4"
    #expect(
      updated(spec(policy, "-", update.ips), stored, update.cluster) == "\(policy) \(both): None")
  }

  @Test(arguments: Case.all, ["-", "SS"])
  func `with a selector SingleStack stays single`(update: Case, policy: String) {
    let (a, b) = (update.a, update.b)
    let stored = spec("SS", a, "None")
    let primary = update.cluster == .dual46 ? "4" : "6"
    #expect(updated(spec(policy, a, update.ips), stored, update.cluster) == "SS \(a): None")
    #expect(updated(spec(policy, "-", update.ips), stored, update.cluster) == "SS \(primary): None")
    #expect(updated(spec(policy, "\(a),\(b)", update.ips), stored, update.cluster) == "✗ P")
  }

  @Test(arguments: Case.all, ["-", "PDS", "RDS"])
  func `with a selector two families stay two until SingleStack is said`(
    update: Case, policy: String
  ) {
    let (a, b) = (update.a, update.b)
    let stored = spec("RDS", "\(a),\(b)", "None")
    let expected = (policy == "-" ? "RDS" : policy) + " \(a),\(b): None"
    #expect(updated(spec(policy, "\(a),\(b)", update.ips), stored, update.cluster) == expected)
    #expect(updated(spec(policy, a, update.ips), stored, update.cluster) == "✗ P")
  }

  @Test(arguments: Case.all)
  func `with a selector SingleStack accepts any families`(update: Case) {
    let (a, b) = (update.a, update.b)
    let stored = spec("RDS", "\(a),\(b)", "None")
    let primary = update.cluster == .dual46 ? "4" : "6"
    for (families, expected) in [("-", primary), (a, a), (b, b), ("\(a),\(b)", a)] {
      let asked = spec("SS", families, update.ips)
      #expect(updated(asked, stored, update.cluster) == "SS \(expected): None")
    }
  }

  @Test(arguments: ClusterKind.allCases)
  func `families, order and policy change freely without a selector`(cluster: ClusterKind) {
    for stored in [
      spec("SS", "4", "None", selector: nil), spec("PDS", "6,4", "None", selector: nil),
    ] {
      for (policy, families, expected) in [
        ("SS", "4", "SS 4"), ("SS", "6", "SS 6"), ("PDS", "6,4", "PDS 6,4"),
        ("RDS", "4,6", "RDS 4,6"),
      ] {
        let asked = spec(policy, families, "-", selector: nil)
        #expect(updated(asked, stored, cluster) == "\(expected): None")
      }
    }
  }

  @Test(arguments: [ClusterKind.dual46, .dual64])
  func `the first family changes freely too`(cluster: ClusterKind) {
    #expect(updated(spec("SS", "6"), spec("SS", "4", "None"), cluster) == "SS 6: None")
    #expect(updated(spec("RDS", "6,4"), spec("RDS", "4,6", "None"), cluster) == "RDS 6,4: None")
    #expect(updated(spec("PDS", "6,4"), spec("PDS", "4,6", "None"), cluster) == "PDS 6,4: None")
  }

  /// The policy is the stored one, not the one that the new selector would have given.
  @Test(
    arguments: [
      (ClusterKind.v4, nil, spec("-"), "✗ P"),
      (.dual46, nil, spec("-"), "RDS 4,6: None"),
      (.v4, ["app": "web"], spec("-", selector: nil), "SS 4: None"),
    ] as [(ClusterKind, [String: String]?, ServiceSpec, String)])
  func `a selector that comes or goes leaves the policy alone`(
    cluster: ClusterKind, selector: [String: String]?, asked: ServiceSpec, expected: String
  ) throws {
    let stored = try ServicePolicy.create(
      spec("-", "-", "None", selector: selector), families: cluster.service)
    #expect(updated(asked, stored.spec, cluster) == expected)
  }

  @Test(arguments: [
    (spec("SS", "4", "None"), spec("-", "-", "a4"), "✗ C0"),
    (spec("SS", "4", "None"), spec("-", "-", "-", singular: "a4"), "✗ C:Required"),
    (spec("RDS", "4,6", "None"), spec("-", "-", "a4,a6"), "✗ C0"),
    (spec("SS", "4", "a4"), spec("-", "-", "None"), "✗ C0"),
    (spec("SS", "4", "a4"), spec("-", "-", "-", singular: "None"), "✗ C:Required"),
    (spec("SS", "4", "a4"), spec("SS", "-", "a4", singular: "None"), "✗ C0"),
    (spec("RDS", "4,6", "a4,a6"), spec("-", "-", "None"), "✗ P"),
    (spec("RDS", "4,6", "a4,a6"), spec("SS", "4", "None"), "✗ C0"),
  ])
  func `a Service with addresses and a headless one do not become each other`(
    stored: ServiceSpec, asked: ServiceSpec, expected: String
  ) {
    #expect(updated(asked, stored, .dual46) == expected)
  }

  private func updated(_ asked: ServiceSpec, _ stored: ServiceSpec, _ cluster: ClusterKind)
    -> String
  {
    outcome { () throws(PolicyRefusal) in
      try ServicePolicy.update(asked, stored: stored, families: cluster.service)
    }
  }
}
