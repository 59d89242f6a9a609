import FaultKit
import Testing

/// Flags, environment and file: who wins, and what is refused.
@Suite(.ownThreads) struct ConfigurationTests {
  private static let range = (
    flag: "--service-cluster-ip-range", variable: "IPLEDGER_SERVICE_CLUSTER_IP_RANGE",
    key: "serviceClusterIPRange"
  )

  private static func info(_ setup: DaemonSetup) throws -> JSON {
    let client = try DaemonProcess.start(setup).client()
    return try client.request("server.info").result ?? .null
  }

  /// Runs `--check-config` with a file, flags and an environment to its end.
  private static func check(
    yaml: String = "", flags: [String] = [], environment: [String: String] = [:]
  ) throws -> (status: FaultKit.ExitStatus, text: String) {
    let setup = DaemonSetup().with {
      $0.yaml = yaml
      $0.namesSocket = false
      $0.flags = flags + ["--check-config"]
      $0.environment = environment
    }
    let daemon = try DaemonProcess.launch(setup)
    let status = try daemon.child.waitForExit()
    return (status, daemon.child.outputText + daemon.child.errorText)
  }

  @Test func `flags win over the environment and that over the file`() throws {
    let file = DaemonSetup().with { $0.yaml = "serviceClusterIPRange: 10.1.0.0/16" }
    let both = file.with { $0.environment = [Self.range.variable: "10.2.0.0/16"] }
    let all = both.with { $0.flags = [Self.range.flag, "10.3.0.0/16"] }
    for (setup, range) in [(file, "10.1.0.0/16"), (both, "10.2.0.0/16"), (all, "10.3.0.0/16")] {
      let info = try Self.info(setup)
      #expect(info["serviceClusterIPRanges"]?.strings == [range], "\(info)")
    }
  }

  @Test func `every flag has its key and its variable`() throws {
    let keys = DaemonSetup().with {
      $0.yaml = """
        serviceClusterIPRange: fd00:1::/112,10.1.0.0/24
        clusterCIDR: 10.5.0.0/16,fd00:5::/56
        nodeCIDRMaskSizeIPv4: 25
        nodeCIDRMaskSizeIPv6: 62
        """
    }
    let variables = DaemonSetup().with {
      $0.environment = [
        "IPLEDGER_SERVICE_CLUSTER_IP_RANGE": "fd00:1::/112,10.1.0.0/24",
        "IPLEDGER_CLUSTER_CIDR": "10.5.0.0/16,fd00:5::/56",
        "IPLEDGER_NODE_CIDR_MASK_SIZE_IPV4": "25", "IPLEDGER_NODE_CIDR_MASK_SIZE_IPV6": "62",
      ]
    }
    let flags = DaemonSetup(
      serviceRange: "fd00:1::/112,10.1.0.0/24", clusterCIDR: "10.5.0.0/16,fd00:5::/56"
    ).with { $0.masks = (ipv4: 25, ipv6: 62) }
    for setup in [keys, variables, flags] {
      let info = try Self.info(setup)
      #expect(info["serviceClusterIPRanges"] == ["fd00:1::/112", "10.1.0.0/24"], "\(info)")
      #expect(info["clusterCIDRs"] == ["10.5.0.0/16", "fd00:5::/56"], "\(info)")
      #expect(info["nodeCIDRMaskSizes"] == ["IPv4": 25, "IPv6": 62], "\(info)")
      #expect(info["role"] == "admin" && info["protocolVersion"] == "1.0", "\(info)")
    }
  }

  @Test func `ledger and socket can be named by file or environment`() throws {
    let folder = try TemporaryFolder()
    let bare = DaemonSetup(clusterCIDR: "10.5.0.0/16").with {
      $0.namesLedger = false
      $0.namesSocket = false
    }
    let file = bare.with {
      $0.yaml = "ledger: \(folder.path)/a.db\nlisten: [\"unix:\(folder.path)/s.sock\"]"
    }
    let environment = bare.with {
      $0.environment = [
        "IPLEDGER_LEDGER": folder.file("b.db"),
        "IPLEDGER_LISTEN": "unix:" + folder.file("s.sock"),
      ]
    }
    for (setup, ledger) in [(file, "a.db"), (environment, "b.db")] {
      let daemon = try DaemonProcess.start(setup, in: folder)
      #expect(try daemon.client().request("server.ping").result == [:])
      #expect(try FileDamage.size(of: folder.file(ledger)) > 0)
      #expect(try daemon.stop() == .exited(0))
    }
  }

  @Test func `without a name the ledger has its usual place`() throws {
    let folder = try TemporaryFolder()
    let setup = DaemonSetup(clusterCIDR: "10.5.0.0/16").with { $0.namesLedger = false }
    let here = try DaemonProcess.start(setup, in: folder)
    #expect(try FileDamage.size(of: folder.file("ipledger-data/ledger.db")) > 0)
    try here.stop()
    let managed = setup.with { $0.environment = ["STATE_DIRECTORY": folder.path] }
    let there = try DaemonProcess.start(managed, in: folder)
    #expect(try FileDamage.size(of: folder.file("ledger.db")) > 0)
    try there.stop()
  }

  @Test func `a good configuration is found good`() throws {
    let yaml = """
      # A comment.
      serviceClusterIPRange: "10.96.0.0/16,fd00:10:96::/108"
      clusterCIDR: 10.244.0.0/16,fd00:10:244::/56
      nodeCIDRMaskSizeIPv4: 24
      nodeCIDRMaskSizeIPv6: 64
      reserveGateway: true
      quarantineSeconds: 30
      quarantine: strict
      limits: {lineBytes: 1048576, depth: 32, batch: 1000, nameBytes: 253}
      """
    for text in [yaml, "", "serviceClusterIPRange: fd00::/64", "clusterCIDR: 10.0.0.0/8"] {
      let run = try Self.check(yaml: text)
      #expect(run.status == .exited(0), "\(text): \(run.text)")
    }
  }

  struct Mistake: Sendable {
    let yaml: String

    /// What the complaint has to name.
    let named: String

    init(_ yaml: String, _ named: String) {
      self.yaml = yaml
      self.named = named
    }
  }

  private static let mistakes: [Mistake] = [
    Mistake("serviceClusterIPRange: 10.96.0.1/16", "serviceClusterIPRange"),
    Mistake("serviceClusterIPRange: 10.96.0.0/16,10.97.0.0/16", "serviceClusterIPRange"),
    Mistake("serviceClusterIPRange: fd00::/63", "serviceClusterIPRange"),
    Mistake("serviceClusterIPRange: 10.0.0.0/8,fd00::/64,10.9.0.0/16", "serviceClusterIPRange"),
    Mistake("serviceClusterIPRange: nonsense", "serviceClusterIPRange"),
    Mistake("clusterCIDR: fd00:1::/56,fd00:2::/56", "clusterCIDR"),
    Mistake("clusterCIDR: 10.244.0.0", "clusterCIDR"),
    Mistake("clusterCIDR: 10.244.0.0/25", "clusterCIDR"),
    Mistake("clusterCIDR: fd00::/40", "clusterCIDR"),
    Mistake("{clusterCIDR: 10.244.0.0/16, nodeCIDRMaskSizeIPv4: 33}", "nodeCIDRMaskSizeIPv4"),
    Mistake("{clusterCIDR: 10.244.0.0/16, nodeCIDRMaskSizeIPv6: 64}", "nodeCIDRMaskSizeIPv6"),
    Mistake("{clusterCIDR: 'fd00::/56', nodeCIDRMaskSizeIPv4: 24}", "nodeCIDRMaskSizeIPv4"),
    Mistake("quarantineSeconds: -1", "quarantineSeconds"),
    Mistake("quarantineSeconds: soon", "quarantineSeconds"),
    Mistake("quarantine: maybe", "quarantine"),
    Mistake("reserveGateway: perhaps", "reserveGateway"),
    Mistake("serviceClusterIpRange: 10.96.0.0/16", "serviceClusterIpRange"),
    Mistake("listen: ['http://127.0.0.1:80']", "listen"),
    Mistake("listen: ['tcp:0.0.0.0:7700']", "listen"),
    Mistake("listen: ['tcp:127.0.0.1:99999']", "listen"),
    Mistake("limits: {lineBytes: 0}", "lineBytes"),
    Mistake("limits: {width: 3}", "width"),
    Mistake("- a\n- list", ""),
    Mistake("quarantine: [", ""),
  ]

  @Test func `a mistake is named and ends with 78`() throws {
    for mistake in Self.mistakes {
      let run = try Self.check(yaml: mistake.yaml)
      #expect(run.status == .exited(78), "\(mistake.yaml): \(run.status) \(run.text)")
      let isNamed = mistake.named.isEmpty || run.text.contains(mistake.named)
      #expect(isNamed, "\(mistake.yaml): \(run.text)")
      #expect(!run.text.isEmpty)
    }
  }

  @Test func `every mistake is told, from the file, the environment and the flags`() throws {
    let yaml = """
      serviceClusterIPRange: 10.96.0.1/16
      quarantine: maybe
      quarantineSeconds: -5
      colour: blue
      """
    let run = try Self.check(
      yaml: yaml, flags: ["--listen", "carrier:pigeon"],
      environment: ["IPLEDGER_CLUSTER_CIDR": "10.244.0.0/99"])
    #expect(run.status == .exited(78), "\(run.text)")
    for word in [
      "serviceClusterIPRange", "quarantine", "quarantineSeconds", "colour", "carrier:pigeon",
      "10.244.0.0/99",
    ] {
      #expect(run.text.contains(word), "\(word): \(run.text)")
    }
  }

  @Test func `a daemon with a mistake does not start`() throws {
    for setup in [
      DaemonSetup(serviceRange: "10.96.0.1/16"),
      DaemonSetup().with { $0.flags = ["--no-such-flag"] },
      DaemonSetup().with { $0.flags = ["surplus"] },
      DaemonSetup().with { $0.flags = ["--node-cidr-mask-size-ipv4", "many"] },
      DaemonSetup().with { $0.flags = ["--config", "/nonexistent/config.yaml"] },
      DaemonSetup().with { $0.yaml = "quarantine: maybe" },
      DaemonSetup().with { $0.environment = ["IPLEDGER_CLUSTER_CIDR": "x"] },
    ] {
      let daemon = try DaemonProcess.launch(setup)
      let status = try daemon.child.waitForExit()
      let text = daemon.child.errorText
      #expect(status != .exited(0) && !text.isEmpty, "\(setup): \(status) \(text)")
      if case .signalled = status { Issue.record("\(setup): \(status) \(text)") }
      #expect(!text.split(separator: "\n").contains("ready"), "\(text)")
    }
  }

  @Test func `an unreadable configuration file is named`() throws {
    let run = try Self.check(flags: ["--config", "/nonexistent/config.yaml"])
    #expect(run.status == .exited(78), "\(run.text)")
    #expect(run.text.contains("/nonexistent/config.yaml"), "\(run.text)")
  }
}
