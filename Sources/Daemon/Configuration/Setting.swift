/// Everything that can be configured, spelled as the key of the configuration file.
///
/// Flags, environment variables, keys, their checks and their help texts all follow from
/// `Setting.row`: a setting is added there and nowhere else.
package enum Setting: String, Sendable, CaseIterable {
  case ledger
  case listen
  case metricsListen
  case serviceClusterIPRange
  case clusterCIDR
  case nodeCIDRMaskSizeIPv4
  case nodeCIDRMaskSizeIPv6
  case reserveGateway
  case quarantineSeconds
  case quarantine
  case stickySeconds
  case pools
  case loadBalancer
  case retentionDays = "retention.days"
  case retentionRecords = "retention.records"
  case nonMasqueradeCIDRs
  case insecureTCP
  case access
  case tlsCertificate = "tls.certificate"
  case tlsKey = "tls.key"
  case tlsClientCA = "tls.clientCA"
  case logLevel
  case lineBytes = "limits.lineBytes"
  case depth = "limits.depth"
  case batch = "limits.batch"
  case nameBytes = "limits.nameBytes"
  case connectionsPerPeer = "limits.connectionsPerPeer"
  case inFlight = "limits.inFlight"
  case lineSeconds = "limits.lineSeconds"
  case writeSeconds = "limits.writeSeconds"
  case idleSeconds = "limits.idleSeconds"

  /// What the text of a setting has to look like.
  package enum Form: Sendable, Hashable {
    case text
    case list
    case number(ClosedRange<Int>)
    case boolean
    case choice([String])
  }

  /// One row of the table of settings.
  package struct Row: Sendable {
    /// Without its two hyphens.
    package let flag: String
    package let form: Form

    /// How help names the value: `PATH`.
    package let placeholder: String
    package let help: String

    /// What holds when nobody says anything, for people.
    package let standard: String
  }

  /// The path of keys in the configuration file: `limits.depth`.
  package var key: String { rawValue }
  package var flag: String { row.flag }
  package var form: Form { row.form }

  /// `IPLEDGER_` and the flag in upper case.
  package var environmentName: String { Self.environmentName(ofFlag: flag) }

  static func environmentName(ofFlag flag: String) -> String {
    "IPLEDGER_" + flag.uppercased().replacing("-", with: "_")
  }
}
