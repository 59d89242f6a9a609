import FaultKit
import Testing

/// Changes of a Service's type: which are allowed, and what they keep and give back
/// (semantics §6.1, §6.2).
@Suite(.ownThreads) struct ServiceTypeChangeTests {
  enum Kind: String, CaseIterable, Sendable {
    case clusterIP = "ClusterIP"
    case nodePort = "NodePort"
    case loadBalancer = "LoadBalancer"
    case headless
    case external = "ExternalName"

    var isHeadful: Bool { self != .headless && self != .external }

    /// A spec of this kind; headful ones leave their addresses to the daemon, or to what stands.
    var spec: JSON {
      switch self {
      case .headless: ServiceAxis.spec(ips: ["None"], selector: ["app": "db"])
      case .external: ["type": "ExternalName", "externalName": "db.example.com"]
      default: ["type": .string(rawValue)]
      }
    }
  }

  @Test(arguments: Cluster.allCases)
  func `type changes are allowed as the matrix says`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    var rows: [ServiceUpdateCase] = []
    for old in Kind.allCases {
      for new in Kind.allCases { rows.append(Self.row(old, new, cluster)) }
    }
    try bench.run(rows)
  }

  private static func row(_ old: Kind, _ new: Kind, _ cluster: Cluster) -> ServiceUpdateCase {
    let what = "\(old.rawValue) to \(new.rawValue)"
    let keeps = old.isHeadful && new.isHeadful ? 1 : 0
    var update = new.spec
    // Left blank, None would be kept: to leave it, an address has to be asked for.
    if old == .headless, new == .clusterIP {
      update = ServiceAxis.spec(ips: [Cluster.staticAddress(cluster.primary, 3)])
    }
    return ServiceUpdateCase(
      what, stored: old.spec, update: update, expected(old, new, cluster), kept: keeps)
  }

  private static func expected(_ old: Kind, _ new: Kind, _ cluster: Cluster) -> ServiceExpectation {
    if new == .external { return .external }
    let isRefused = old != .external && (old == .headless) != (new == .headless)
    if isRefused { return .invalidAtLeast([ServiceCause.address(0)]) }
    return .granted(
      "SingleStack", [cluster.primary], new == .headless ? .headless : .headful)
  }

  @Test func `a headless Service stays so when its address is left blank`() throws {
    let bench = try ServiceBench(.dualIPv4First)
    try bench.run([
      ServiceUpdateCase(
        "blank", stored: Kind.headless.spec, update: ["selector": ["app": "db"]],
        .granted("SingleStack", [.ipv4], .headless))
    ])
  }

  @Test(arguments: Cluster.dual)
  func `becoming an ExternalName releases both addresses`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    let ips = [Cluster.staticAddress(.ipv6, 14), Cluster.staticAddress(.ipv4, 14)]
    let dual = ServiceAxis.spec(policy: "RequireDualStack", ips: ips)
    let external = Kind.external.spec
    try bench.run([
      ServiceUpdateCase("blank fields", stored: dual, update: external, .external),
      ServiceUpdateCase(
        "fields sent back unchanged", stored: dual,
        update: external.with("clusterIP", .string(ips[0])).with("clusterIPs", .strings(ips))
          .with("ipFamilies", ["IPv6", "IPv4"]).with("ipFamilyPolicy", "RequireDualStack"),
        .external),
      ServiceUpdateCase(
        "another address", stored: dual,
        update: external.with("clusterIP", .string(ips[1])).with("clusterIPs", [.string(ips[1])]),
        .invalid(["spec.clusterIPs Forbidden"])),
      ServiceUpdateCase(
        "other families", stored: dual, update: external.with("ipFamilies", ["IPv4"]),
        .invalid(["spec.ipFamilies Forbidden"])),
      ServiceUpdateCase(
        "another policy", stored: dual, update: external.with("ipFamilyPolicy", "SingleStack"),
        .invalid(["spec.ipFamilyPolicy Forbidden"])),
    ])
  }

  @Test(arguments: Cluster.dual)
  func `an ExternalName becomes headful like a new Service`(cluster: Cluster) throws {
    let bench = try ServiceBench(cluster)
    let primary = cluster.primary
    let external = Kind.external.spec
    let named = Cluster.staticAddress(primary.other, 15)
    try bench.run([
      ServiceUpdateCase(
        "families by policy", stored: external,
        update: ServiceAxis.spec(policy: "RequireDualStack"),
        .granted("RequireDualStack", [primary, primary.other])),
      ServiceUpdateCase(
        "an address by name", stored: external, update: ServiceAxis.spec(ips: [named]),
        .granted("SingleStack", [primary.other])),
      ServiceUpdateCase(
        "headless without a selector", stored: external, update: ServiceAxis.spec(ips: ["None"]),
        .granted("RequireDualStack", [primary, primary.other], .headless)),
    ])
  }

  @Test func `among headful types both addresses stay`() throws {
    let bench = try ServiceBench(.dualIPv6First)
    let kinds = Kind.allCases.filter(\.isHeadful)
    var rows: [ServiceUpdateCase] = []
    for old in kinds {
      for new in kinds {
        rows.append(
          ServiceUpdateCase(
            "\(old.rawValue) to \(new.rawValue)",
            stored: old.spec.with("ipFamilyPolicy", "RequireDualStack"), update: new.spec,
            .granted("RequireDualStack", [.ipv6, .ipv4]), kept: 2))
      }
    }
    try bench.run(rows)
  }
}
