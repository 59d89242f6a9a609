import Policy
import Testing

/// What becomes of a Service whose type changes (semantics §6).
@Suite struct ServiceTypeChangeTests {
  enum Shape: String, CaseIterable, Sendable {
    case clusterIP = "ClusterIP"
    case nodePort = "NodePort"
    case loadBalancer = "LoadBalancer"
    case headless = "headless"
    case externalName = "ExternalName"

    var hasAddress: Bool { self != .headless && self != .externalName }

    /// As sent by somebody who names nothing that has a default.
    var asked: ServiceSpec {
      switch self {
      case .headless: spec("-", "-", "None")
      case .externalName: PolicyTests.externalName()
      default: spec(type: rawValue)
      }
    }

    var stored: ServiceSpec {
      switch self {
      case .headless: spec("SS", "4", "None", type: "ClusterIP")
      case .externalName: PolicyTests.externalName()
      default: spec("SS", "4", "a4", type: rawValue)
      }
    }
  }

  /// The table of §6.1, without its diagonal.
  @Test(arguments: Shape.allCases, Shape.allCases)
  func `only ExternalName leads from headless to an address and back`(from: Shape, to: Shape) {
    let expected =
      switch (from, to) {
      case (.externalName, .headless), (.headless, .headless): "SS 4: None"
      case (.externalName, .externalName): "- -: -"
      case (.externalName, _): "SS 4: ?4"
      case (.headless, .externalName): "- -: -"
      case (_, .externalName): "- -: - -a4"
      // Nothing says `None` any more but the stored spec, which goes on saying it.
      case (.headless, .clusterIP): "SS 4: None"
      case (.headless, _): "✗ C0"
      case (_, .headless): "✗ C0"
      default: "SS 4: =a4"
      }
    #expect(updated(to.asked, stored: from.stored) == expected)
  }

  @Test(arguments: [
    (spec("SS", "4", "a4"), "SS 4: +a4"), (spec("PDS"), "PDS 4,6: ?4 ?6"),
    (spec("RDS", "6"), "RDS 6,4: ?6 ?4"), (spec("-", "-", "-", singular: "a6"), "SS 6: +a6"),
    (spec("RDS", "-", "a6"), "RDS 6,4: +a6 ?4"), (spec("-", "4,6"), "✗ P"),
    (spec("-", "-", "a4", singular: "-"), "✗ C"), (spec("-", "-", "None"), "SS 4: None"),
    (spec("-", "-", "None", selector: nil), "RDS 4,6: None"),
    (spec("-", "-", "None", type: "NodePort"), "✗ C0"),
  ])
  func `what follows ExternalName is as if created`(asked: ServiceSpec, expected: String) {
    #expect(updated(asked, stored: externalName()) == expected)
    #expect(
      outcome { () throws(PolicyRefusal) in
        try ServicePolicy.create(asked, families: ClusterKind.dual46.service)
      } == expected)
  }

  /// §6.2: wiped where it was left out or is as stored, refused where it is not.
  @Test(arguments: [
    (externalName(), "- -: - -a4 -a6"),
    (externalName("x", "RDS", "4,6", "a4,a6"), "- -: - -a4 -a6"),
    (externalName("x", "RDS"), "- -: - -a4 -a6"), (externalName("x", "-", "4,6"), "- -: - -a4 -a6"),
    (externalName("x", "-", "-", "a4,a6", singular: "-"), "- -: - -a4 -a6"),
    (externalName("x", "PDS", "4,6", "a4,a6"), "✗ P:Forbidden"),
    (externalName("x", "RDS", "4", "a4,a6"), "✗ F:Forbidden"),
    (externalName("x", "RDS", "6,4", "a4,a6"), "✗ F:Forbidden"),
    (externalName("x", "RDS", "4,6", "b4,a6"), "✗ C:Forbidden"),
    (externalName("x", "RDS", "4,6", "a4"), "✗ C:Forbidden"),
    (externalName("x", "RDS", "4,6", "None"), "✗ C:Forbidden"),
    (externalName("x", "-", "-", "-", singular: "b4"), "✗ C:Forbidden"),
    // Who knows the singular only has said that there is one address (§10.2).
    (externalName("x", "-", "-", "-", singular: "a4"), "✗ C:Forbidden"),
    (externalName("x", "SS", "4", "a4"), "✗ C:Forbidden F:Forbidden P:Forbidden"),
    (externalName(nil, "RDS", "4,6", "a4,a6"), "✗ N:Required"),
  ])
  func `what becomes ExternalName gives up everything unless it says otherwise`(
    asked: ServiceSpec, expected: String
  ) {
    #expect(updated(asked, stored: spec("RDS", "4,6", "a4,a6")) == expected)
  }

  @Test func `the wiped fields are absent`() throws {
    let asked = externalName("x", "RDS", "4,6", "a4,a6")
    let plan = try ServicePolicy.update(
      asked, stored: spec("RDS", "4,6", "a4,a6"), families: ClusterKind.dual46.service)
    #expect(plan.spec == externalName("x"))
  }

  @Test(arguments: [
    (externalName("x", "SS", "4", "None"), "- -: -"), (externalName("x"), "- -: -"),
    (externalName("x", "-", "-", "-", singular: "None"), "- -: -"),
    (externalName("x", "-", "-", "a4"), "✗ C:Forbidden"),
  ])
  func `headless becomes ExternalName and gives up no address`(
    asked: ServiceSpec, expected: String
  ) {
    #expect(updated(asked, stored: spec("SS", "4", "None")) == expected)
  }

  /// §4.3 and §6.2: the class of a LoadBalancer.
  @Test(
    arguments: [
      ("LoadBalancer", "acme.io/lb", "LoadBalancer", "acme.io/lb", "SS 4: =a4"),
      ("LoadBalancer", nil, "LoadBalancer", nil, "SS 4: =a4"),
      ("LoadBalancer", "acme.io/lb", "LoadBalancer", "acme.io/other", "✗ L"),
      ("LoadBalancer", "acme.io/lb", "LoadBalancer", nil, "✗ L"),
      ("LoadBalancer", nil, "LoadBalancer", "acme.io/lb", "✗ L"),
      ("ClusterIP", nil, "LoadBalancer", "acme.io/lb", "SS 4: =a4"),
      ("ClusterIP", nil, "LoadBalancer", nil, "SS 4: =a4"),
      ("LoadBalancer", "acme.io/lb", "ClusterIP", "acme.io/lb", "SS 4: =a4"),
      ("LoadBalancer", "acme.io/lb", "NodePort", nil, "SS 4: =a4"),
      ("LoadBalancer", "acme.io/lb", "NodePort", "acme.io/other", "✗ L:Forbidden"),
      ("LoadBalancer", nil, "ClusterIP", "acme.io/lb", "✗ L:Forbidden"),
      ("ClusterIP", nil, "NodePort", "acme.io/lb", "✗ L:Forbidden"),
    ] as [(String, String?, String, String?, String)])
  func `the class of a LoadBalancer comes and goes with the type`(
    from: String, stored: String?, to: String, asked: String?, expected: String
  ) throws {
    var old = spec("SS", "4", "a4", type: from)
    old.loadBalancerClass = stored
    var new = spec(type: to)
    new.loadBalancerClass = asked
    #expect(updated(new, stored: old) == expected)
    guard !expected.hasPrefix("✗") else { return }
    let plan = try ServicePolicy.update(new, stored: old, families: ClusterKind.dual46.service)
    #expect(plan.spec.loadBalancerClass == (to == "LoadBalancer" ? asked : nil))
  }

  private func updated(_ asked: ServiceSpec, stored: ServiceSpec) -> String {
    outcome { () throws(PolicyRefusal) in
      try ServicePolicy.update(asked, stored: stored, families: ClusterKind.dual46.service)
    }
  }
}
