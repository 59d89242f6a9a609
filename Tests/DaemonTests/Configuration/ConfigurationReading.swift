import Testing

@testable import Daemon

/// One reading of a configuration, from what a test says of flags, environment and file.
struct ConfigurationReading {
  var flags: [Setting: [String]] = [:]
  var environment: [String: String] = [:]
  var file: String?
  var userID: UInt32 = 0

  static let processID: Int32 = 4711

  private func read() throws(ConfigurationRefusal) -> DaemonConfiguration {
    try DaemonConfiguration.read(
      flags: flags, file: file.map { ConfigurationFile(path: "c.yaml", text: $0) },
      process: ProcessFacts(
        processID: Self.processID, userID: userID, environment: environment))
  }

  func configuration(_ location: SourceLocation = #_sourceLocation) -> DaemonConfiguration? {
    do throws(ConfigurationRefusal) {
      return try read()
    } catch {
      Issue.record("refused: \(error)", sourceLocation: location)
      return nil
    }
  }

  /// The findings as users see them; none when the configuration is taken.
  var findings: [String] {
    do throws(ConfigurationRefusal) {
      _ = try read()
      return []
    } catch {
      return error.findings.map(\.description)
    }
  }
}
