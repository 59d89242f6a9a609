package import Addressing

/// One mistake in the configuration: where, which, what was wrong, and what would be right.
package struct ConfigurationFinding: Sendable, Hashable, CustomStringConvertible {
  package let source: SettingSource
  package let reason: CauseReason
  package let message: String

  package init(_ source: SettingSource, _ reason: CauseReason, _ message: String) {
    self.source = source
    self.reason = reason
    self.message = message
  }

  package var description: String { "\(source): \(message)" }
}

/// A configuration that the daemon refuses, with every mistake in it.
package struct ConfigurationRefusal: Error, Sendable, CustomStringConvertible {
  /// `EX_CONFIG` of sysexits.h: what the process exits with.
  package static let exitCode: Int32 = 78

  /// At least one: flags first, then the environment, then the file, then what their values mean.
  package let findings: [ConfigurationFinding]

  package init(_ findings: [ConfigurationFinding]) {
    precondition(!findings.isEmpty, "a refusal says why")
    self.findings = findings
  }

  package var description: String {
    let count = findings.count == 1 ? "a mistake" : "\(findings.count) mistakes"
    return "ipledgerd: the configuration has \(count):\n"
      + findings.map { "  \($0)" }.joined(separator: "\n")
  }
}
