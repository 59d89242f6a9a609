import Addressing
import Allocation
import LineProtocol
import Logging
import Testing
import Transport

@testable import Daemon

@Suite struct DaemonConfigurationTests {
  @Test func `without a word said the standard values hold`() throws {
    let configuration = try #require(ConfigurationReading().configuration())
    #expect(configuration.ledgerPath == "./ipledger-data/ledger.db")
    #expect(configuration.endpoints.map(\.description) == ["unix:/run/ipledger/ipledger.sock"])
    #expect(!configuration.inheritsSockets)
    #expect(configuration.cluster.serviceRanges.isEmpty)
    #expect(configuration.cluster.clusterCIDRs.isEmpty)
    #expect(configuration.cluster.nodePrefixLengthIPv4 == 24)
    #expect(configuration.cluster.nodePrefixLengthIPv6 == 64)
    #expect(configuration.cluster.reservesGateway)
    #expect(configuration.cluster.quarantineSeconds == 30)
    #expect(!configuration.cluster.isQuarantineStrict)
    #expect(configuration.limits.lineBytes == 1_048_576)
    #expect(configuration.limits.depth == 32)
    #expect(configuration.limits.batch == 1000)
    #expect(configuration.limits.nameBytes == 253)
    #expect(!configuration.allowsInsecureTCP)
    #expect(configuration.logLevel == .info)
  }

  @Test func `systemd's state folder holds the ledger, the first of several`() {
    let reading = ConfigurationReading(environment: ["STATE_DIRECTORY": "/var/lib/a:/var/lib/b"])
    #expect(reading.configuration()?.ledgerPath == "/var/lib/a/ledger.db")
  }

  @Test func `a user's socket lies in the user's runtime folder`() {
    let reading = ConfigurationReading(
      environment: ["XDG_RUNTIME_DIR": "/run/user/1000"], userID: 1000)
    #expect(
      reading.configuration()?.endpoints.map(\.description)
        == ["unix:/run/user/1000/ipledger.sock"])
  }

  @Test(arguments: [[:], ["XDG_RUNTIME_DIR": ""]])
  func `a user without a runtime folder is told what to say`(_ environment: [String: String]) {
    let reading = ConfigurationReading(environment: environment, userID: 1000)
    #expect(
      reading.findings == [
        """
        listen: no endpoint is given, and XDG_RUNTIME_DIR is not set: say --listen unix:PATH
        """
      ])
  }

  @Test(arguments: [
    (["LISTEN_FDS": "2", "LISTEN_PID": "4711"], true),
    (["LISTEN_FDS": "2", "LISTEN_PID": "4711", "LISTEN_FDNAMES": "local:metrics"], true),
    (["LISTEN_FDS": "1", "LISTEN_PID": "4711", "LISTEN_FDNAMES": "metrics"], false),
    (["LISTEN_FDS": "2", "LISTEN_PID": "1"], false),
    (["LISTEN_FDS": "2"], false),
    (["LISTEN_FDS": "0", "LISTEN_PID": "4711"], false),
    (["LISTEN_FDS": "x", "LISTEN_PID": "4711"], false),
  ])
  func `sockets are inherited when they are meant for this process`(
    _ environment: [String: String], _ inherits: Bool
  ) throws {
    let configuration = try #require(ConfigurationReading(environment: environment).configuration())
    #expect(configuration.inheritsSockets == inherits)
    #expect(configuration.endpoints.isEmpty == inherits)
  }

  @Test func `endpoints given are served as well as inherited sockets`() throws {
    let reading = ConfigurationReading(
      flags: [.listen: ["unix:/a", "tcp:127.0.0.1:70"]],
      environment: ["LISTEN_FDS": "1", "LISTEN_PID": "4711"])
    let configuration = try #require(reading.configuration())
    #expect(configuration.inheritsSockets)
    #expect(configuration.endpoints.map(\.description) == ["unix:/a", "tcp:127.0.0.1:70"])
  }

  @Test func `flags win over the environment, and that over the file`() throws {
    let reading = ConfigurationReading(
      flags: [.ledger: ["/flag"]],
      environment: ["IPLEDGER_LEDGER": "/variable", "IPLEDGER_QUARANTINE_SECONDS": "2"],
      file: """
        ledger: /file
        quarantineSeconds: 3
        reserveGateway: false
        """)
    let configuration = try #require(reading.configuration())
    #expect(configuration.ledgerPath == "/flag")
    #expect(configuration.cluster.quarantineSeconds == 2)
    #expect(!configuration.cluster.reservesGateway)
  }

  @Test func `an empty variable counts as unset`() {
    let reading = ConfigurationReading(
      environment: ["IPLEDGER_LEDGER": "", "IPLEDGER_TLS": ""], file: "ledger: /file")
    #expect(reading.configuration()?.ledgerPath == "/file")
  }

  @Test func `variables of an orchestrator for a Service named ipledger are left alone`() {
    let reading = ConfigurationReading(
      environment: ["IPLEDGER_PORT": "tcp://10.0.0.1:80", "IPLEDGER_SERVICE_HOST": "10.0.0.1"])
    #expect(reading.findings.isEmpty)
  }

  @Test func `the order of a pair is the cluster's, and host bits of cluster CIDRs are masked`() {
    let reading = ConfigurationReading(
      flags: [
        .serviceClusterIPRange: ["fd00:10:96::/108, 10.96.0.0/16"],
        .clusterCIDR: ["fd00:10:244::1/56,10.244.3.4/16"],
      ])
    let cluster = reading.configuration()?.cluster
    #expect(cluster?.serviceRanges.map(\.description) == ["fd00:10:96::/108", "10.96.0.0/16"])
    #expect(cluster?.clusterCIDRs.map(\.description) == ["fd00:10:244::/56", "10.244.0.0/16"])
  }

  @Test func `the file of the contract is read to the letter`() throws {
    let reading = ConfigurationReading(
      file: """
        ledger: /var/lib/ipledger/ledger.db
        listen: [unix:/run/ipledger/ipledger.sock]
        serviceClusterIPRange: 10.96.0.0/16,fd00:10:96::/108
        clusterCIDR: 10.244.0.0/16,fd00:10:244::/56
        nodeCIDRMaskSizeIPv4: 25
        nodeCIDRMaskSizeIPv6: 65
        reserveGateway: false
        quarantineSeconds: 86400
        quarantine: strict            # or prefer
        insecureTCP: true
        logLevel: debug
        limits: {lineBytes: 4096, depth: 8, batch: 1, nameBytes: 63}
        """)
    let configuration = try #require(reading.configuration())
    #expect(configuration.ledgerPath == "/var/lib/ipledger/ledger.db")
    #expect(configuration.endpoints.map(\.description) == ["unix:/run/ipledger/ipledger.sock"])
    let cluster = configuration.cluster
    #expect(cluster.serviceRanges.map(\.description) == ["10.96.0.0/16", "fd00:10:96::/108"])
    #expect(cluster.clusterCIDRs.map(\.description) == ["10.244.0.0/16", "fd00:10:244::/56"])
    #expect([cluster.nodePrefixLengthIPv4, cluster.nodePrefixLengthIPv6] == [25, 65])
    #expect(!cluster.reservesGateway)
    #expect(cluster.quarantineSeconds == 86_400)
    #expect(cluster.isQuarantineStrict)
    #expect(configuration.allowsInsecureTCP)
    #expect(configuration.logLevel == .debug)
    let limits = configuration.limits
    #expect([limits.lineBytes, limits.depth, limits.batch, limits.nameBytes] == [4096, 8, 1, 63])
  }

  @Test func `the summary is one line that names ledger, endpoints and ranges`() throws {
    let reading = ConfigurationReading(
      flags: [.ledger: ["/l"], .listen: ["unix:/s"], .clusterCIDR: ["10.244.0.0/16"]],
      environment: ["LISTEN_FDS": "1", "LISTEN_PID": "4711"])
    let summary = try #require(reading.configuration()).summary
    #expect(
      summary == """
        ipledgerd: the configuration is good: ledger /l; listening on unix:/s, inherited sockets; \
        Service ranges none; cluster CIDRs 10.244.0.0/16
        """)
  }
}
