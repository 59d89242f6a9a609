import Addressing
import Policy
import Testing

@Suite struct ServiceCreateTests {
  @Test(arguments: FamilyTables.checked, ["-", "ClusterIP", "NodePort", "LoadBalancer"])
  func `policy and families of a Service with addresses are those of the table`(
    cell: FamilyCase, type: String
  ) {
    let asked = spec(cell.policy, cell.families, type: type == "-" ? nil : type)
    let wishes = cell.expected.hasPrefix("✗") ? "" : ": " + automatic(cell.expected)
    #expect(
      outcome { () throws(PolicyRefusal) in
        try ServicePolicy.create(asked, families: cell.cluster.service)
      } == cell.expected + wishes)
  }

  @Test(arguments: FamilyTables.checked)
  func `headless with a selector follows the same table and takes no address`(cell: FamilyCase) {
    let asked = spec(cell.policy, cell.families, "None")
    let wishes = cell.expected.hasPrefix("✗") ? "" : ": None"
    #expect(created(asked, in: cell.cluster) == cell.expected + wishes)
  }

  @Test(arguments: FamilyTables.unchecked, [nil, [:]] as [[String: String]?])
  func `headless without a selector does not ask for the cluster's families`(
    cell: FamilyCase, selector: [String: String]?
  ) {
    let asked = spec(cell.policy, cell.families, "None", selector: selector)
    let wishes = cell.expected.hasPrefix("✗") ? "" : ": None"
    #expect(created(asked, in: cell.cluster) == cell.expected + wishes)
  }

  /// The table of §2.4, with x and y in both roles.
  @Test(arguments: [ClusterKind.dual46, .dual64], [("4", "6"), ("6", "4")])
  func `an address that is named gives its family`(
    cluster: ClusterKind, roles: (x: String, y: String)
  ) {
    let (x, y) = roles
    let lists = ["-", x, y, "\(x),\(y)", "\(y),\(x)"]
    for (families, expected) in zip(lists, ["SS \(x): +a\(x)", nil, "✗ C0", "✗ P", "✗ C0"]) {
      let expected = expected ?? "SS \(x): +a\(x)"
      #expect(created(spec("-", families, "a\(x)"), in: cluster) == expected)
      #expect(created(spec("SS", families, "a\(x)"), in: cluster) == expected)
    }
    for (families, expected) in zip(lists, ["✗ P", "✗ P", "✗ C0", "✗ P P", "✗ C0 C1"]) {
      #expect(created(spec("-", families, "a\(x),a\(y)"), in: cluster) == expected)
      #expect(created(spec("SS", families, "a\(x),a\(y)"), in: cluster) == expected)
    }
    for policy in ["PDS", "RDS"] {
      let fits = "\(policy) \(x),\(y): +a\(x)"
      for (families, second) in zip(lists, ["", "", "✗ C0", "", "✗ C0"]) {
        let expected = second.isEmpty ? "\(fits) ?\(y)" : second
        #expect(created(spec(policy, families, "a\(x)"), in: cluster) == expected)
      }
      for (families, second) in zip(lists, ["", "", "✗ C0", "", "✗ C0 C1"]) {
        let expected = second.isEmpty ? "\(fits) +a\(y)" : second
        #expect(created(spec(policy, families, "a\(x),a\(y)"), in: cluster) == expected)
      }
    }
  }

  /// The last line of §2.4: own address, other address, and two of them.
  @Test(arguments: [
    ("-", "-", "a4", "SS 4: +a4"), ("SS", "4", "a4", "SS 4: +a4"),
    ("PDS", "-", "a4", "PDS 4: +a4"), ("PDS", "4", "a4", "PDS 4: +a4"),
    ("RDS", "-", "a4", "✗ P"), ("PDS", "4,6", "a4", "✗ F1"), ("PDS", "6", "a4", "✗ C0"),
    ("-", "-", "a6", "✗ C0"), ("SS", "6", "a6", "✗ F0"), ("PDS", "-", "a6", "✗ C0"),
    ("-", "-", "a4,a6", "✗ P C1"), ("SS", "-", "a4,a6", "✗ P C1"), ("SS", "4,6", "a4,a6", "✗ P P"),
    ("PDS", "-", "a4,a6", "✗ C1"), ("PDS", "4,6", "a4,a6", "✗ F1"),
    ("PDS", "6,4", "a6,a4", "✗ F0"), ("RDS", "-", "a4,a6", "✗ C1"),
    ("RDS", "4,6", "a4,a6", "✗ P F1"), ("RDS", "-", "a6,a4", "✗ C0"),
  ])
  func `a one-family cluster takes one address of its own family`(
    policy: String, families: String, ips: String, expected: String
  ) {
    #expect(created(spec(policy, families, ips), in: .v4) == expected)
  }

  @Test(arguments: [
    (spec(), "✗ C"), (spec("SS"), "✗ C"), (spec("PDS"), "✗ C"), (spec("RDS"), "✗ P"),
    (spec("SS", "4"), "✗ F0"), (spec("PDS", "6,4"), "✗ F0 F1"), (spec("-", "-", "a4"), "✗ C0"),
    (spec("RDS", "-", "a6,a4"), "✗ C0 C1"), (spec("-", "-", "None"), "SS 4: None"),
    (spec("SS", "6", "None"), "SS 6: None"), (spec("PDS", "6", "None"), "PDS 6,4: None"),
    (spec("RDS", "-", "None"), "RDS 4,6: None"), (externalName(), "- -: -"),
  ])
  func `without a Service range only Services that need no address are taken`(
    asked: ServiceSpec, expected: String
  ) {
    #expect(created(asked, in: .none) == expected)
  }

  @Test(arguments: ClusterKind.allCases)
  func `an ExternalName Service has no families in any cluster`(cluster: ClusterKind) throws {
    let plan = try ServicePolicy.create(externalName(), families: cluster.service)
    #expect(plan.spec == externalName())
    #expect(plan.wishes.isEmpty)
  }

  @Test func `addresses are compared as numbers and answered canonically`() throws {
    let asked = ServiceSpec(
      clusterIP: "FD00:10:96:0:0:0:0:20", clusterIPs: ["fd00:0010:96::20"],
      loadBalancerIP: "2001:DB8::7")
    let plan = try ServicePolicy.create(asked, families: ClusterKind.v6.service)
    #expect(plan.spec.loadBalancerIP == "2001:db8::7")
    let address = try #require(IPAddress("fd00:10:96::20"))
    #expect(plan.wishes == [.fixed(address)])
    let spec = plan.resolved([address])
    #expect(spec.clusterIP == "fd00:10:96::20")
    #expect(spec.clusterIPs == ["fd00:10:96::20"])
  }

  @Test func `what says nothing about addresses is kept as it was sent`() throws {
    var asked = spec("-", "-", "None", selector: ["app": "db"])
    asked.externalName = "left.over.example"
    asked.loadBalancerIP = "not read here"
    let plan = try ServicePolicy.create(asked, families: ClusterKind.v4.service)
    #expect(plan.spec.selector == ["app": "db"])
    #expect(plan.spec.externalName == "left.over.example")
    #expect(plan.spec.loadBalancerIP == "not read here")
    #expect(plan.spec.type == "ClusterIP")
    #expect(plan.resolved([]) == plan.spec)
  }

  private func created(_ spec: ServiceSpec, in cluster: ClusterKind) -> String {
    outcome { () throws(PolicyRefusal) in
      try ServicePolicy.create(spec, families: cluster.service)
    }
  }

  /// `?4 ?6` for `PDS 4,6`.
  private func automatic(_ expected: String) -> String {
    (expected.split(separator: " ").last ?? "").split(separator: ",")
      .map { "?\($0)" }.joined(separator: " ")
  }
}
