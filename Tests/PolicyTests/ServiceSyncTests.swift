import Policy
import Testing

/// Singular and plural (semantics §5.1 and §10.2), and what a repeated request is compared with.
@Suite struct ServiceSyncTests {
  @Test(arguments: [
    // What is left out is kept.
    ("-", "-", "SS 4: =a4"), ("a4", "-", "SS 4: =a4"), ("-", "a4", "SS 4: =a4"),
    ("a4", "a4", "SS 4: =a4"),
    // Changed alone: the plural follows, and neither may change.
    ("b4", "a4", "✗ C0"), ("None", "a4", "✗ C0"),
    // Both changed, or the singular without the plural: as sent.
    ("b4", "b4", "✗ C0"), ("b4", "-", "✗ C:Required"), ("None", "-", "✗ C:Required"),
    ("b4", "a6", "✗ C"),
    // The plural changed alone.
    ("a4", "b4", "✗ C"), ("-", "b4", "✗ C"), ("a4", "b4,a6", "✗ C"),
  ])
  func `singular and plural are brought in line on update`(
    singular: String, plural: String, expected: String
  ) {
    let asked = spec("-", "-", plural, singular: singular)
    let stored = spec("SS", "4", "a4")
    #expect(updated(asked, stored) == expected)
  }

  @Test(arguments: ["-", "a4"], ["-", "a4,a6"])
  func `a client that knows the singular only keeps both addresses`(
    singular: String, plural: String
  ) {
    let asked = spec("-", "-", plural, singular: singular)
    #expect(updated(asked, spec("RDS", "4,6", "a4,a6")) == "RDS 4,6: =a4 =a6")
  }

  @Test func `another spelling of the stored address is no change`() {
    let asked = ServiceSpec(clusterIP: "FD00:10:96::0020", clusterIPs: ["fd00:10:96:0::20"])
    #expect(updated(asked, spec("SS", "6", "a6")) == "SS 6: =a6")
  }

  @Test(arguments: [
    (ServiceSpec(), ServiceSpec(type: "ClusterIP")),
    (
      ServiceSpec(
        type: "", clusterIP: "", clusterIPs: [], ipFamilies: [], selector: [:], externalName: "",
        loadBalancerIP: "", loadBalancerClass: ""), ServiceSpec(type: "ClusterIP")
    ),
    (
      ServiceSpec(type: "NodePort", clusterIP: "10.96.0.20"),
      ServiceSpec(type: "NodePort", clusterIP: "10.96.0.20", clusterIPs: ["10.96.0.20"])
    ),
    (
      ServiceSpec(clusterIP: "FD00::0:1", loadBalancerIP: "2001:DB8::0"),
      ServiceSpec(
        type: "ClusterIP", clusterIP: "fd00::1", clusterIPs: ["fd00::1"],
        loadBalancerIP: "2001:db8::")
    ),
    (
      ServiceSpec(clusterIP: "None", selector: ["a": "b"]),
      ServiceSpec(type: "ClusterIP", clusterIP: "None", clusterIPs: ["None"], selector: ["a": "b"])
    ),
    // What will be refused is left as it is: never filled from the plural, never corrected.
    (
      ServiceSpec(clusterIPs: ["10.96.0.020"], ipFamilyPolicy: ""),
      ServiceSpec(type: "ClusterIP", clusterIPs: ["10.96.0.020"], ipFamilyPolicy: "")
    ),
    (
      ServiceSpec(ipFamilies: ["IPv6", "IPv4"]),
      ServiceSpec(type: "ClusterIP", ipFamilies: ["IPv6", "IPv4"])
    ),
  ])
  func `requests that say the same are the same`(sent: ServiceSpec, expected: ServiceSpec) {
    #expect(ServicePolicy.normalised(sent) == expected)
    #expect(ServicePolicy.normalised(expected) == expected)
  }

  private func updated(_ asked: ServiceSpec, _ stored: ServiceSpec) -> String {
    outcome { () throws(PolicyRefusal) in
      try ServicePolicy.update(asked, stored: stored, families: ClusterKind.dual46.service)
    }
  }
}
