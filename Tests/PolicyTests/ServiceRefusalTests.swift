import Addressing
import Policy
import Testing

/// What is refused on create, with all its findings.
@Suite struct ServiceRefusalTests {
  /// The table of §4.1, on a dual-stack cluster and on one that has no range at all: the shape of
  /// a request is looked at before the cluster is.
  @Test(
    arguments: [
      // Singular and plural.
      (spec("-", "-", "a4", singular: "-"), "✗ C"),
      (spec("-", "-", "a4,a6", singular: "-"), "✗ C"),
      (spec("-", "-", "a4", singular: "b4"), "✗ C"),
      (spec("-", "-", "a4", singular: "None"), "✗ C"),
      (spec("-", "-", "None", singular: "a4"), "✗ C"),
      (spec("PDS", "-", "a6,a4", singular: "a4"), "✗ C"),
      // Families.
      (spec("-", "IPv5"), "✗ F0:NotSupported"),
      (spec("-", "ipv4"), "✗ F0:NotSupported"),
      (spec("-", "IPv5,IPv7"), "✗ F0:NotSupported F1:NotSupported"),
      (spec("-", "IPv5,IPv5"), "✗ F0:NotSupported F1:NotSupported F1:Duplicate"),
      (spec("-", "4,4"), "✗ F1:Duplicate"),
      (spec("PDS", "6,6"), "✗ F1:Duplicate"),
      (spec("PDS", "4,6,4"), "✗ F2:Duplicate"),
      (spec("PDS", "4,6,IPv5"), "✗ F2:NotSupported"),
      (spec("PDS", "4,6,6,4"), "✗ F2:Duplicate F3:Duplicate"),
      // Policy.
      (spec("DualStack"), "✗ P:NotSupported"),
      (spec("singlestack"), "✗ P:NotSupported"),
      (spec(""), "✗ P:NotSupported"),
      // None.
      (spec("-", "-", "None,a4"), "✗ C"),
      (spec("-", "-", "None,None"), "✗ C C1"),
      (spec("-", "-", "None,bad"), "✗ C C1"),
      (spec("-", "-", "none"), "✗ C0"),
      (spec("PDS", "-", "a4,None"), "✗ C1"),
      // Texts.
      (spec("-", "-", "bad"), "✗ C0"),
      (spec("-", "-", "10.96.0.256"), "✗ C0"),
      (spec("-", "-", "010.96.0.20"), "✗ C0"),
      (spec("-", "-", "::ffff:10.96.0.20"), "✗ C0"),
      (spec("-", "-", "fe80::1%eth0"), "✗ C0"),
      (spec("-", "-", "10.96.0.20/32"), "✗ C0"),
      (spec("PDS", "-", "bad,worse"), "✗ C0 C1"),
      (ServiceSpec(clusterIP: "10.96.0.20", clusterIPs: ["10.96.0.20", ""]), "✗ C1"),
      (ServiceSpec(clusterIPs: [""]), "✗ C C0"),
      (ServiceSpec(clusterIPs: ["", "2001::1"]), "✗ C C0"),
      // Too many, or not one of each.
      (spec("RDS", "-", "a4,a6,b4"), "✗ C"),
      (spec("RDS", "-", "a4,b4,10.96.0.22"), "✗ C C"),
      (spec("RDS", "-", "a4,b4"), "✗ C"),
      (spec("RDS", "-", "a4,a4"), "✗ C"),
      (spec("RDS", "4,6", "a6,b6"), "✗ C C0"),
      (spec("RDS", "-", "a4,a6,bad"), "✗ C2 C"),
      // Families against addresses; not for headless, and not where an address is unreadable.
      (spec("-", "6", "a4"), "✗ C0"),
      (spec("RDS", "4,6", "a6,a4"), "✗ C0 C1"),
      (spec("RDS", "6", "a4,a6"), "✗ C0"),
      (spec("RDS", "6,4", "a4,bad"), "✗ C1"),
      // Several at once.
      (spec("DualStack", "4,4"), "✗ F1:Duplicate P:NotSupported"),
      (spec("DualStack", "4,4", "bad", singular: "-"), "✗ C F1:Duplicate P:NotSupported C0"),
    ], [ClusterKind.dual46, .none])
  func `the shape of the address fields is checked first`(
    refused: (spec: ServiceSpec, expected: String), cluster: ClusterKind
  ) {
    #expect(created(refused.spec, in: cluster) == refused.expected)
  }

  /// The table of §4.2, as far as it is about create.
  @Test(arguments: [
    (ClusterKind.dual46, spec("SS", "-", "a4,a6"), "✗ P"),
    (.dual46, spec("-", "-", "a4,a6"), "✗ P"),
    (.dual46, spec("SS", "4,6"), "✗ P"), (.dual46, spec("-", "4,6"), "✗ P"),
    (.dual46, spec("-", "4,6", "a4,a6"), "✗ P P"),
    (.dual46, spec("SS", "4,6", "None"), "✗ P"),
    (.v4, spec("RDS"), "✗ P"), (.v6, spec("RDS", "6", "a6"), "✗ P"),
    (.v4, spec("RDS", "-", "None"), "✗ P"),
    (.v4, spec("RDS", "-", "None", selector: nil), "RDS 4,6: None"),
    (.v4, spec("-", "6"), "✗ F0"), (.v4, spec("-", "6", "None"), "✗ F0"),
    (.v4, spec("-", "6", "None", selector: nil), "RDS 6,4: None"),
    (.v6, spec("PDS", "6,4"), "✗ F1"), (.v6, spec("RDS", "4,6"), "✗ P F0"),
    (.v6, spec("-", "-", "a4"), "✗ C0"), (.v4, spec("RDS", "-", "a4,a6"), "✗ C1"),
    (.v4, spec("-", "-", "a6,a4"), "✗ P C0"),
  ])
  func `then the cluster is asked`(cluster: ClusterKind, refused: ServiceSpec, expected: String) {
    #expect(created(refused, in: cluster) == expected)
  }

  /// The lines of §4.3 that touch addresses.
  @Test(arguments: [
    (spec(type: "Headless"), "✗ T:NotSupported"), (spec(type: "clusterIP"), "✗ T:NotSupported"),
    (spec(type: ""), "SS 4: ?4"),
    (spec("-", "-", "None", type: "NodePort"), "✗ C0"),
    (spec("-", "-", "None", type: "LoadBalancer"), "✗ C0"),
    (spec("-", "-", "None", type: "LoadBalancer", selector: nil), "✗ C0"),
    (spec("-", "-", "None", type: "ClusterIP"), "SS 4: None"),
    (externalName("db.example.com", "-", "-", "a4"), "✗ C:Forbidden"),
    (externalName("db.example.com", "-", "-", "None"), "✗ C:Forbidden"),
    (externalName("db.example.com", "-", "-", "-", singular: "a4"), "✗ C:Forbidden"),
    (externalName("db.example.com", "SS"), "✗ P:Forbidden"),
    (externalName("db.example.com", "Any"), "✗ P:Forbidden"),
    (externalName("db.example.com", "-", "4"), "✗ F:Forbidden"),
    (externalName("db.example.com", "PDS", "4,4", "bad"), "✗ C:Forbidden F:Forbidden P:Forbidden"),
    (externalName(nil, "SS"), "✗ P:Forbidden N:Required"),
    // Findings of different steps, as far as one does not hang on the other.
    (spec("RDS", "4,4", type: "Odd"), "✗ F1:Duplicate T:NotSupported"),
    (spec("SS", "4,6", type: "Odd"), "✗ P T:NotSupported"),
    (spec("SS", "4,6", "None", type: "NodePort"), "✗ P C0"),
  ])
  func `the type says what else may be set`(refused: ServiceSpec, expected: String) {
    #expect(created(refused, in: .dual46) == expected)
  }

  @Test(
    arguments: [
      ("db.example.com", nil), ("db.example.com.", nil), ("a", nil), ("1.2.3.4", nil),
      ("a-b.c--d", nil), (String(repeating: "a", count: 253), nil),
      (String(repeating: "a", count: 253) + ".", nil),
      (nil, "N:Required"), ("", "N:Required"), (".", "N:Required"), ("..", "N"),
      ("db..example", "N"), (".db", "N"), ("-db.example", "N"), ("db-.example", "N"),
      ("DB.example.com", "N"), ("db_1.example", "N"), ("db example", "N"), ("dé.example", "N"),
      (String(repeating: "a", count: 254), "N"),
    ] as [(String?, String?)])
  func `an ExternalName Service has a DNS name`(name: String?, finding: String?) {
    let expected = finding.map { "✗ \($0)" } ?? "- -: -"
    #expect(created(externalName(name), in: .v4) == expected)
  }

  @Test(
    arguments: [
      ("LoadBalancer", "acme.io/lb", "SS 4: ?4"), ("LoadBalancer", nil, "SS 4: ?4"),
      ("ClusterIP", "acme.io/lb", "✗ L:Forbidden"), ("NodePort", "acme.io/lb", "✗ L:Forbidden"),
      ("ExternalName", "acme.io/lb", "✗ N:Required L:Forbidden"), ("NodePort", "", "SS 4: ?4"),
    ] as [(String, String?, String)])
  func `only a LoadBalancer has a class`(type: String, name: String?, expected: String) {
    var asked = spec(type: type)
    asked.loadBalancerClass = name
    #expect(created(asked, in: .v4) == expected)
  }

  @Test func `a finding names its field and says what would be right`() throws {
    let refusal = #expect(throws: PolicyRefusal.self) {
      try ServicePolicy.create(spec("-", "6"), families: ClusterKind.v4.service)
    }
    #expect(
      refusal?.causes == [
        Cause(
          "spec.ipFamilies[0]", .invalid,
          "the cluster has no Service range of the family IPv6")
      ])
  }

  private func created(_ spec: ServiceSpec, in cluster: ClusterKind) -> String {
    outcome { () throws(PolicyRefusal) in
      try ServicePolicy.create(spec, families: cluster.service)
    }
  }
}
