import Addressing
import Allocation
import LineProtocol
import Logging
import Policy
import Transport

extension DaemonConfiguration {
  /// Reads the configuration from everything that says something about it; nothing else is looked
  /// at, so equal arguments give an equal answer.
  ///
  /// Flags win over the environment, and that over the file. Every mistake of every source is named
  /// at once.
  package static func read(
    flags: [Setting: [String]] = [:], file: ConfigurationFile? = nil, process facts: ProcessFacts
  ) throws(ConfigurationRefusal) -> DaemonConfiguration {
    var values = SettingValues()
    values.take(flags: flags)
    values.take(environment: facts)
    if let file { values.take(file: file) }
    return try DaemonConfiguration(&values, facts)
  }

  /// The same, with the file that `configPaths` (the values of `--config`) or `IPLEDGER_CONFIG`
  /// names.
  package static func load(
    flags: [Setting: [String]], configPaths: [String], process facts: ProcessFacts = .current
  ) throws(ConfigurationRefusal) -> DaemonConfiguration {
    var values = SettingValues()
    values.take(flags: flags)
    values.take(environment: facts)
    let variable = "IPLEDGER_CONFIG"
    let source = configPaths.isEmpty ? SettingSource.environment(variable) : .flag("config")
    if configPaths.count > 1 {
      values.find(source, .duplicate, "given \(configPaths.count) times: give it once")
    } else if let path = configPaths.first ?? facts.variable(variable) {
      do throws(ConfigurationFile.Unreadable) {
        values.take(file: try ConfigurationFile(reading: path))
      } catch {
        values.find(source, .invalid, error.message)
      }
    }
    return try DaemonConfiguration(&values, facts)
  }

  private init(
    _ values: inout SettingValues, _ facts: ProcessFacts
  ) throws(ConfigurationRefusal) {
    inheritsSockets = facts.inheritsSockets
    allowsInsecureTCP = values.boolean(.insecureTCP) ?? false
    logLevel = values.text(.logLevel).flatMap { Logger.Level(rawValue: $0) } ?? .info
    ledgerPath =
      values.text(.ledger) ?? (facts.stateDirectory ?? "./ipledger-data") + "/ledger.db"
    endpoints = values.readEndpoints(facts)
    metricsEndpoint = values.readMetricsEndpoint()
    cluster = values.readCluster()
    access = values.readAccess(facts)
    let needsTLS = endpoints.contains { if case .tls = $0 { true } else { false } }
    tls = values.readTLS(facts, needsTLS: needsTLS)
    connections = values.readConnectionLimits()
    nonMasqueradeCIDRs = values.readBlocks(.nonMasqueradeCIDRs, maskingHostBits: false)
    retention = LedgerRetention(
      days: values.number(.retentionDays) ?? 0, records: values.number(.retentionRecords) ?? 0)
    let usual = ProtocolLimits()
    limits = ProtocolLimits(
      lineBytes: values.number(.lineBytes) ?? usual.lineBytes,
      depth: values.number(.depth) ?? usual.depth,
      batch: values.number(.batch) ?? usual.batch,
      nameBytes: values.number(.nameBytes) ?? usual.nameBytes)
    guard values.findings.isEmpty else { throw ConfigurationRefusal(values.findings) }
  }
}
