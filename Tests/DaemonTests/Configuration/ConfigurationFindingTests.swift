import Addressing
import Testing

@testable import Daemon

@Suite struct ConfigurationFindingTests {
  @Test func `mistakes of all sources are named at once, those of overridden values too`() {
    let reading = ConfigurationReading(
      flags: [.quarantine: ["strict", "strict"], .nodeCIDRMaskSizeIPv4: ["24"]],
      environment: ["IPLEDGER_LIMITS_BATCH": "0"],
      file: """
        nodeCIDRMaskSizeIPv4: 33

        limits:
          depht: 9
        """)
    let findings = reading.findings
    #expect(
      Array(findings.prefix(3)) == [
        "--quarantine: given 2 times: give it once",
        "IPLEDGER_LIMITS_BATCH: '0' must be a whole number from 1 to 100000",
        "c.yaml:1: nodeCIDRMaskSizeIPv4: '33' must be a whole number from 0 to 32",
      ])
    #expect(findings.count == 4)
    #expect(findings.last?.hasPrefix("c.yaml:4: limits.depht: there is no such key") == true)
  }

  @Test(arguments: [
    (Setting.ledger, "", "must not be empty"),
    (.listen, "unix:/a,,unix:/b", "'unix:/a,,unix:/b' has an empty entry: separate by one comma"),
    (.clusterCIDR, ",", "',' has an empty entry: separate by one comma"),
    (.reserveGateway, "yes", "'yes' must be true or false"),
    (.quarantineSeconds, "-1", "'-1' must be a whole number from 0 to 86400"),
    (.quarantineSeconds, "+1", "'+1' must be a whole number from 0 to 86400"),
    (.quarantineSeconds, "86401", "'86401' must be a whole number from 0 to 86400"),
    (.quarantineSeconds, "1.5", "'1.5' must be a whole number from 0 to 86400"),
    (
      .quarantineSeconds, "99999999999999999999",
      "'99999999999999999999' must be a whole number from 0 to 86400"
    ),
    (.quarantine, "lax", "'lax' must be one of: prefer, strict"),
    (
      .logLevel, "loud",
      "'loud' must be one of: trace, debug, info, notice, warning, error, critical"
    ),
    (
      .serviceClusterIPRange, "10.96.0.1/16",
      "'10.96.0.1/16' host bits are set: did you mean 10.96.0.0/16?"
    ),
    (
      .clusterCIDR, "10.0.0.0",
      "'10.0.0.0' must be a CIDR with its prefix length, such as 10.9.8.0/24"
    ),
  ])
  func `a flag of the wrong form is named with what would be right`(
    _ setting: Setting, _ text: String, _ message: String
  ) {
    let reading = ConfigurationReading(flags: [setting: [text]])
    #expect(reading.findings == ["--\(setting.flag): \(message)"])
  }

  @Test(arguments: [
    ("ledger: 24", "1: ledger: '24' must be a text: put it into quotes"),
    ("ledger: true", "1: ledger: 'true' must be a text: put it into quotes"),
    ("\nledger: [a]", "2: ledger: has the wrong type: it must be PATH"),
    ("ledger: {a: b}", "1: ledger: has the wrong type: it must be PATH"),
    ("ledger:", "1: ledger: has no value: give it one, or leave the key out"),
    ("listen: {a: b}", "1: listen: has the wrong type: it must be a list of texts"),
    ("listen: [unix:/a, ~]", "1: listen: each entry of the list must be a text"),
    ("listen: []", "1: listen: must name one endpoint at least: no sockets are inherited"),
    (
      "listen: [unix:/a, unix:/a]", "1: listen: 'unix:/a' stands there twice"
    ),
    ("quarantineSeconds: '3'", "1: quarantineSeconds: '3' must stand without quotes"),
    ("reserveGateway: 'true'", "1: reserveGateway: 'true' must stand without quotes"),
    ("reserveGateway: on", "1: reserveGateway: 'on' must be true or false"),
    ("limits: 3", "1: limits: must be keys and their values, such as 'ledger: PATH'"),
    ("limits:\n  depth: 1", "2: limits.depth: '1' must be a whole number from 4 to 1024"),
    ("clusterCidr: a", "1: clusterCidr: there is no such key: did you mean clusterCIDR?"),
    ("cluster-cidr: a", "1: cluster-cidr: there is no such key: did you mean clusterCIDR?"),
    ("? [a, b]\n: c", "1: a key must be one word"),
    ("- ledger", "1: must be keys and their values, such as 'ledger: PATH'"),
    ("ledger: 'x", "1: is not YAML: found unexpected end of stream"),
    ("ledger: x\n---\nledger: y", "2: is not YAML: but found another document"),
  ])
  func `a mistake in the file is named with its line and key`(_ text: String, _ finding: String) {
    #expect(ConfigurationReading(file: text).findings == ["c.yaml:\(finding)"])
  }

  @Test(arguments: ["", "# nothing yet\n", "---\n", "limits:\n"])
  func `a file that says nothing is a file without mistakes`(_ text: String) {
    #expect(ConfigurationReading(file: text).findings.isEmpty)
  }

  @Test func `keys that stand twice are named, and the rest of the file is still judged`() {
    let text = """
      quarantineSeconds: 1
      "ledger": a
      quarantineSeconds: 2
      'ledger': b
      limits: {depth: 9, depth: 10}
      wrong: 1
      """
    let findings = ConfigurationReading(file: text).findings
    #expect(findings.count == 4)
    let again = "the key stands here and again further down: give it once"
    for place in ["1: quarantineSeconds", "2: ledger", "5: depth"] {
      #expect(findings.contains("c.yaml:\(place): \(again)"))
    }
    #expect(findings.last?.hasPrefix("c.yaml:6: wrong: there is no such key") == true)
  }

  @Test(arguments: [
    (
      [Setting.clusterCIDR: ["10.0.0.0/8,11.0.0.0/8"]],
      "--cluster-cidr: must be one range, or two of different families"
    ),
    (
      [.serviceClusterIPRange: ["fd00::/56"]],
      "--service-cluster-ip-range: fd00::/56 is too wide: IPv6 Service ranges are /64 or longer"
    ),
    (
      [.clusterCIDR: ["10.0.0.0/16"], .nodeCIDRMaskSizeIPv6: ["64"]],
      "--node-cidr-mask-size-ipv6: there is no cluster CIDR of the family IPv6"
    ),
    (
      [.clusterCIDR: ["10.0.0.0/26"]],
      "--cluster-cidr: node blocks of /24 are wider than 10.0.0.0/26"
    ),
  ])
  func `ranges that do not fit the rules are named by who configured them`(
    _ flags: [Setting: [String]], _ finding: String
  ) {
    #expect(ConfigurationReading(flags: flags).findings == [finding])
  }

  @Test func `ranges that cannot be read bring no findings that follow from their absence`() {
    let reading = ConfigurationReading(
      flags: [.clusterCIDR: ["10.0.0.0/8,x"], .nodeCIDRMaskSizeIPv6: ["64"]])
    #expect(reading.findings.count == 1)
  }

  @Test(arguments: ["tcp:0.0.0.0:70", "tcp:[::]:70", "tcp:192.0.2.1:70"])
  func `plain TCP stays on loopback unless it is allowed to leave`(_ endpoint: String) {
    let refused = ConfigurationReading(flags: [.listen: [endpoint]]).findings
    #expect(refused.count == 1)
    #expect(refused.first?.hasPrefix("--listen: '\(endpoint)' is not on loopback") == true)
    let allowed = ConfigurationReading(flags: [.listen: [endpoint], .insecureTCP: ["true"]])
    #expect(allowed.findings.isEmpty)
  }

  @Test(arguments: ["tcp:127.0.0.1:70", "tcp:127.8.0.1:70", "tcp:[::1]:70", "unix:/a"])
  func `loopback and Unix sockets need no permission`(_ endpoint: String) {
    #expect(ConfigurationReading(flags: [.listen: [endpoint]]).findings.isEmpty)
  }

  @Test func `TLS needs a certificate and its key, wherever it listens`() {
    let missing = "must name a PEM file: TLS needs a certificate and its key"
    #expect(
      ConfigurationReading(flags: [.listen: ["tls:192.0.2.1:70"]]).findings == [
        "tls.certificate: \(missing)", "tls.key: \(missing)",
      ])
    #expect(
      ConfigurationReading(flags: [.tlsClientCA: ["ca.pem"], .tlsKey: ["k.pem"]]).findings == [
        "tls.certificate: \(missing)"
      ])
  }

  @Test(arguments: [
    ("role=reader", "access[0] must name one of uid, gid, certificate, token"),
    ("uid=0", "access[0].role is required: one of reader, allocator, controller, admin"),
    ("uid=1 gid=2 role=reader", "access[0] must name one of uid, gid, certificate, token"),
    ("uid=1 role=king", "access[0].role: 'king' is none of reader, allocator, controller, admin"),
    (
      "uid=nobody-here role=reader",
      "access[0].uid: 'nobody-here' is no number and no user of this machine"
    ),
    (
      "uid=4294967295 role=reader",
      "access[0].uid: '4294967295' is no number and no user of this machine"
    ),
    ("certificate=a*b* role=reader", "access[0].certificate: 'a*b*' has more than one '*'"),
    (
      "token=sha256:12 role=reader",
      "access[0].token must be 'sha256:' and the 64 digits that sha256sum writes of the token"
    ),
    (
      "uid=1 role=admin scope=node node=w",
      "access[0].scope goes with the role allocator, not admin"
    ),
    (
      "uid=1 role=allocator scope=node",
      "access[0].node is required: only a certificate with a '*' names its node by itself"
    ),
    (
      "uid=1 role=allocator colour=red",
      "access[0]: 'colour=red' is none of uid, gid, certificate, token, role, scope, node"
    ),
  ])
  func `a rule that cannot be kept is named with what would be right`(
    _ rule: String, _ message: String
  ) {
    #expect(ConfigurationReading(flags: [.access: [rule]]).findings == ["--access: \(message)"])
  }

  @Test func `a refusal counts its mistakes and names each on a line`() {
    let one = ConfigurationFinding(.flag("ledger"), .invalid, "must not be empty")
    let other = ConfigurationFinding(.environment("IPLEDGER_LISTEN"), .invalid, "is odd")
    #expect(
      ConfigurationRefusal([one]).description == """
        ipledgerd: the configuration has a mistake:
          --ledger: must not be empty
        """)
    #expect(
      ConfigurationRefusal([one, other]).description == """
        ipledgerd: the configuration has 2 mistakes:
          --ledger: must not be empty
          IPLEDGER_LISTEN: is odd
        """)
  }
}
