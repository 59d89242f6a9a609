import ArgumentParser
import Daemon

/// The flags of the settings, with the names and help texts of the table of settings.
///
/// Each is a list here, so that a flag that was given twice can be named.
struct SettingFlags: ParsableArguments {
  @Option(.ledger) var ledger: [String] = []
  @Option(.listen) var listen: [String] = []
  @Option(.metricsListen) var metricsListen: [String] = []
  @Option(.serviceClusterIPRange) var serviceClusterIPRange: [String] = []
  @Option(.clusterCIDR) var clusterCIDR: [String] = []
  @Option(.nodeCIDRMaskSizeIPv4) var nodeCIDRMaskSizeIPv4: [String] = []
  @Option(.nodeCIDRMaskSizeIPv6) var nodeCIDRMaskSizeIPv6: [String] = []
  @Option(.reserveGateway) var reserveGateway: [String] = []
  @Option(.quarantineSeconds) var quarantineSeconds: [String] = []
  @Option(.quarantine) var quarantine: [String] = []
  @Option(.stickySeconds) var stickySeconds: [String] = []
  @Option(.pools) var pools: [String] = []
  @Option(.loadBalancer) var loadBalancer: [String] = []
  @Option(.retentionDays) var retentionDays: [String] = []
  @Option(.retentionRecords) var retentionRecords: [String] = []
  @Option(.nonMasqueradeCIDRs) var nonMasqueradeCIDRs: [String] = []
  @Option(.insecureTCP) var insecureTCP: [String] = []
  @Option(.access) var access: [String] = []
  @Option(.tlsCertificate) var tlsCertificate: [String] = []
  @Option(.tlsKey) var tlsKey: [String] = []
  @Option(.tlsClientCA) var tlsClientCA: [String] = []
  @Option(.logLevel) var logLevel: [String] = []
  @Option(.lineBytes) var lineBytes: [String] = []
  @Option(.depth) var depth: [String] = []
  @Option(.batch) var batch: [String] = []
  @Option(.nameBytes) var nameBytes: [String] = []
  @Option(.connectionsPerPeer) var connectionsPerPeer: [String] = []
  @Option(.inFlight) var inFlight: [String] = []
  @Option(.lineSeconds) var lineSeconds: [String] = []
  @Option(.writeSeconds) var writeSeconds: [String] = []
  @Option(.idleSeconds) var idleSeconds: [String] = []

  /// What was given, by setting; the compiler sees to it that every setting has a flag.
  var given: [Setting: [String]] {
    Dictionary(uniqueKeysWithValues: Setting.allCases.map { ($0, values(of: $0)) })
  }

  private func values(of setting: Setting) -> [String] {
    switch setting {
    case .ledger: ledger
    case .listen: listen
    case .metricsListen: metricsListen
    case .serviceClusterIPRange: serviceClusterIPRange
    case .clusterCIDR: clusterCIDR
    case .nodeCIDRMaskSizeIPv4: nodeCIDRMaskSizeIPv4
    case .nodeCIDRMaskSizeIPv6: nodeCIDRMaskSizeIPv6
    case .reserveGateway: reserveGateway
    case .quarantineSeconds: quarantineSeconds
    case .quarantine: quarantine
    case .stickySeconds: stickySeconds
    case .pools: pools
    case .loadBalancer: loadBalancer
    case .retentionDays: retentionDays
    case .retentionRecords: retentionRecords
    case .nonMasqueradeCIDRs: nonMasqueradeCIDRs
    case .insecureTCP: insecureTCP
    case .access: access
    case .tlsCertificate: tlsCertificate
    case .tlsKey: tlsKey
    case .tlsClientCA: tlsClientCA
    case .logLevel: logLevel
    case .lineBytes: lineBytes
    case .depth: depth
    case .batch: batch
    case .nameBytes: nameBytes
    case .idleSeconds: idleSeconds
    case .writeSeconds: writeSeconds
    case .lineSeconds: lineSeconds
    case .inFlight: inFlight
    case .connectionsPerPeer: connectionsPerPeer
    }
  }
}

extension Option where Value == [String] {
  /// The flag of a setting.
  init(wrappedValue: [String], _ setting: Setting) {
    let row = setting.row
    self.init(
      wrappedValue: wrappedValue, name: .customLong(row.flag), parsing: .singleValue,
      help: ArgumentHelp(
        "\(row.help) Standard: \(row.standard).", discussion: "", valueName: row.placeholder))
  }
}
