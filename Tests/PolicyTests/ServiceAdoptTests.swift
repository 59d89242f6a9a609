import Policy
import Testing

/// Services from before dual-stack (semantics §10.1), adopted or found as the stored side.
@Suite struct ServiceAdoptTests {
  @Test(arguments: [
    // The table, on every cluster that has the family.
    (ClusterKind.v4, spec("-", "-", "-", singular: "a4"), "SS 4: +a4"),
    (.dual46, spec("-", "-", "-", singular: "a4"), "SS 4: +a4"),
    (.dual64, spec("-", "-", "a4"), "SS 4: +a4"),
    (.dual46, spec("-", "-", "-", singular: "a6"), "SS 6: +a6"),
    (.v6, spec("-", "-", "a6"), "SS 6: +a6"),
    (.dual46, spec("-", "-", "a4,a6"), "RDS 4,6: +a4 +a6"),
    (.dual46, spec("-", "-", "a6,a4"), "RDS 6,4: +a6 +a4"),
    (.dual64, spec("-", "-", "a4,a6"), "RDS 4,6: +a4 +a6"),
    (.v4, spec("-", "-", "None"), "SS 4: None"), (.v6, spec("-", "-", "None"), "SS 6: None"),
    (.dual46, spec("-", "-", "None"), "SS 4: None"),
    (.dual64, spec("-", "-", "None"), "SS 6: None"),
    (.v4, spec("-", "-", "None", selector: nil), "RDS 4,6: None"),
    (.v6, spec("-", "-", "None", selector: [:]), "RDS 6,4: None"),
    (.dual46, spec("-", "-", "None", selector: nil), "RDS 4,6: None"),
    (.dual64, spec("-", "-", "None", selector: nil), "RDS 6,4: None"),
    (.none, spec("-", "-", "None", selector: nil), "RDS 4,6: None"),
    (.v4, externalName(), "- -: -"),
    // What is set is left alone.
    (.dual46, spec("PDS", "4", "a4"), "PDS 4: +a4"),
    (.dual46, spec("PDS", "6,4", "a6,a4"), "PDS 6,4: +a6 +a4"),
    (.dual46, spec("PDS", "-", "a6,a4"), "PDS 6,4: +a6 +a4"),
    (.dual46, spec("RDS", "4,6", "a4,a6"), "RDS 4,6: +a4 +a6"),
    (.dual46, spec("-", "6", "a6"), "SS 6: +a6"), (.dual46, spec("SS", "6", "None"), "SS 6: None"),
    (.dual46, spec("-", "6,4", "None"), "RDS 6,4: None"),
    (.dual46, spec("SS", "-", "None", selector: nil), "SS 4: None"),
    (.v4, spec("PDS", "6,4", "None", selector: nil), "PDS 6,4: None"),
    (.v4, spec("-", "-", "a4", type: "LoadBalancer"), "SS 4: +a4"),
    // What no cluster could have, or what this one has no range for.
    (.dual46, spec(), "✗ c:Required"), (.none, spec(), "✗ c:Required"),
    (.dual46, spec("SS", "4", type: "Odd"), "✗ c:Required T:NotSupported"),
    (.dual46, spec("SS", "-", "a4,a6"), "✗ P P"), (.dual46, spec("SS", "4,6", "a4,a6"), "✗ P P"),
    (.dual46, spec("RDS", "4,6", "a4"), "✗ F"), (.dual46, spec("RDS", "4", "a4,a6"), "✗ F"),
    (.v4, spec("-", "-", "a6"), "✗ C0"), (.v4, spec("-", "-", "a4,a6"), "✗ C1"),
    (.none, spec("-", "-", "a4"), "✗ C0"), (.dual46, spec("-", "-", "a4,b4"), "✗ C"),
    (.dual46, spec("-", "-", "a4", singular: "-"), "✗ C"),
    (.dual46, spec("-", "6", "a4"), "✗ C0"), (.dual46, spec("-", "-", "bad"), "✗ C0"),
    (.dual46, spec("-", "-", "None", type: "NodePort"), "✗ C0"),
    (.dual46, externalName("x", "SS", "4", "a4"), "✗ C:Forbidden F:Forbidden P:Forbidden"),
  ])
  func `what stands in a cluster is read as the cluster reads it`(
    cluster: ClusterKind, found: ServiceSpec, expected: String
  ) {
    #expect(
      outcome { () throws(PolicyRefusal) in
        try ServicePolicy.adopt(found, families: cluster.service)
      } == expected)
  }

  @Test(arguments: [
    (spec("-", "-", "-", singular: "a6"), "SS 6: =a6"), (spec("-", "-", "a6"), "SS 6: =a6"),
    (spec("-", "-", "a6,a4"), "RDS 6,4: =a6 =a4"), (spec("-", "-", "None"), "SS 4: None"),
    (spec("-", "-", "None", selector: nil), "RDS 4,6: None"),
  ])
  func `the stored side of an update is read so too`(stored: ServiceSpec, expected: String) {
    let asked = spec(selector: stored.selector)
    #expect(
      outcome { () throws(PolicyRefusal) in
        try ServicePolicy.update(asked, stored: stored, families: ClusterKind.dual46.service)
      } == expected)
  }
}
