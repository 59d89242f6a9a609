import FaultKit
import Testing

/// The manifests of Kubernetes' page on dual-stack Services, as they stand there.
@Suite struct DualStackPageTests {
  private static let plain = """
    apiVersion: v1
    kind: Service
    metadata:
      name: my-service
      labels:
        app.kubernetes.io/name: MyApp
    spec:
      selector:
        app.kubernetes.io/name: MyApp
      ports:
        - protocol: TCP
          port: 80

    """
  private static let preferred = plain.replacing(
    "spec:\n", with: "spec:\n  ipFamilyPolicy: PreferDualStack\n")
  private static let ordered = preferred.replacing(
    "PreferDualStack\n", with: "PreferDualStack\n  ipFamilies:\n  - IPv6\n  - IPv4\n")
  private static let balanced = preferred.replacing(
    "spec:\n", with: "spec:\n  type: LoadBalancer\n")

  private func spec(of run: ClientProgram.Run) -> JSON? { run.json?["spec"] }

  @Test(arguments: [
    (plain, "SingleStack", ["IPv4"]), (preferred, "PreferDualStack", ["IPv4", "IPv6"]),
    (ordered, "PreferDualStack", ["IPv6", "IPv4"]),
    (balanced, "PreferDualStack", ["IPv4", "IPv6"]),
  ])
  func `a new Service gets the policy and the families of the page`(
    _ manifest: String, _ policy: String, _ families: [String]
  ) throws {
    let client = try ClientProgram()
    let run = try client.expect("apply", "-f", "-", "-o", "json", input: manifest)
    let spec = try #require(run.json?["spec"])
    #expect(spec["ipFamilyPolicy"]?.text == policy)
    #expect(spec["ipFamilies"]?.list?.compactMap(\.text) == families)
    let addresses = spec["clusterIPs"]?.list?.compactMap(\.text) ?? []
    #expect(addresses.map { $0.contains(":") ? "IPv6" : "IPv4" } == families)
    #expect(spec["clusterIP"]?.text == addresses.first)
    #expect(spec["selector"]?["app.kubernetes.io/name"]?.text == "MyApp")
    #expect(spec["ports"]?[0]?["port"]?.int == 80)
    #expect(run.errors.contains("service/default/my-service reserved"), "\(run.errors)")
    #expect(try client.expect("service", "list").lines.count == 2)
  }

  @Test func `on a single-stack cluster the same manifests stay single-stack`() throws {
    let client = try ClientProgram(.ipv4)
    let run = try client.expect("apply", "-f", "-", "-o", "json", input: Self.preferred)
    #expect(spec(of: run)?["ipFamilies"] == ["IPv4"])
    #expect(spec(of: run)?["ipFamilyPolicy"]?.text == "PreferDualStack")
  }

  @Test func `existing Services are adopted as single-stack, whatever the cluster is now`() throws {
    let client = try ClientProgram()
    let existing = Self.plain.replacing(
      "spec:\n", with: "spec:\n  clusterIP: 10.96.7.12\n  type: ClusterIP\n")
    let run = try client.expect("apply", "-f", "-", "--adopt", "-o", "json", input: existing)
    #expect(spec(of: run)?["clusterIP"]?.text == "10.96.7.12")
    #expect(spec(of: run)?["clusterIPs"] == ["10.96.7.12"])
    #expect(spec(of: run)?["ipFamilies"] == ["IPv4"])
    #expect(spec(of: run)?["ipFamilyPolicy"]?.text == "SingleStack")
    #expect(run.errors.contains("adopted"))
  }

  @Test func `an existing headless Service with a selector is adopted as single-stack`() throws {
    let client = try ClientProgram(.dualIPv6First)
    let existing = Self.plain.replacing("spec:\n", with: "spec:\n  clusterIP: None\n")
    let run = try client.expect("apply", "-f", "-", "--adopt", "-o", "json", input: existing)
    #expect(spec(of: run)?["clusterIPs"] == ["None"])
    #expect(spec(of: run)?["ipFamilies"] == ["IPv6"])
    #expect(spec(of: run)?["ipFamilyPolicy"]?.text == "SingleStack")
  }

  @Test func `a headless Service without a selector asks for both families`() throws {
    let client = try ClientProgram()
    let headless = """
      {"apiVersion":"v1","kind":"Service","metadata":{"name":"h"},"spec":{"clusterIP":"None","ports":[{"port":80}]}}
      """
    let run = try client.expect("apply", "-f", "-", input: headless)
    #expect(spec(of: run)?["ipFamilies"] == ["IPv4", "IPv6"])
    #expect(spec(of: run)?["ipFamilyPolicy"]?.text == "RequireDualStack")
  }

  @Test func `a Service is switched to dual-stack and back, and each change is shown`() throws {
    let client = try ClientProgram()
    let first = try client.expect("apply", "-f", "-", "-o", "json", input: Self.plain)
    let address = try #require(spec(of: first)?["clusterIP"]?.text)
    let up = try client.expect("apply", "-f", "-", "-o", "json", input: Self.preferred)
    #expect(spec(of: up)?["clusterIPs"]?[0]?.text == address)
    #expect(spec(of: up)?["clusterIPs"]?.list?.count == 2)
    #expect(up.errors.contains("updated"))
    #expect(
      up.errors.contains("  - ipFamilyPolicy: SingleStack\n  + ipFamilyPolicy: PreferDualStack\n"),
      "\(up.errors)")
    let again = try client.expect("apply", "-f", "-", "-o", "json", input: Self.preferred)
    #expect(again.errors.contains("unchanged"), "\(again.errors)")
    let single = Self.preferred.replacing("PreferDualStack", with: "SingleStack")
    let down = try client.expect("apply", "-f", "-", "-o", "json", input: single)
    #expect(spec(of: down)?["clusterIPs"] == [.string(address)])
  }
}
