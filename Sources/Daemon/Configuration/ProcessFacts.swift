import Foundation
package import Transport

/// What the standard values depend on, of the process and its environment.
package struct ProcessFacts: Sendable {
  package var processID: Int32
  package var userID: UInt32
  package var environment: [String: String]

  /// The number of a user or group of this machine; nil: there is none of that name.
  package var identifier: @Sendable (MachineAccounts.Kind, String) -> UInt32?

  package init(
    processID: Int32, userID: UInt32, environment: [String: String],
    identifier: @escaping @Sendable (MachineAccounts.Kind, String) -> UInt32? = { _, _ in nil }
  ) {
    self.identifier = identifier
    self.processID = processID
    self.userID = userID
    self.environment = environment
  }

  /// This process's own.
  package static var current: ProcessFacts {
    let process = ProcessInfo.processInfo
    return ProcessFacts(
      processID: process.processIdentifier, userID: geteuid(),
      environment: process.environment, identifier: MachineAccounts.number)
  }

  /// A variable that is set to something; an empty one counts as unset.
  func variable(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether systemd hands sockets for clients to this very process, and not to a parent that
  /// passed the variables on.
  var inheritsSockets: Bool {
    guard let count = variable("LISTEN_FDS").flatMap({ Int($0) }), count > 0 else { return false }
    let names = variable("LISTEN_FDNAMES")?.split(separator: ":") ?? []
    let metrics = names.count { $0 == ListeningSocket.metricsName }
    return variable("LISTEN_PID") == "\(processID)" && count > metrics
  }

  /// The folder that systemd made for the service's state, the first of several.
  var stateDirectory: String? {
    variable("STATE_DIRECTORY")?.split(separator: ":").first.map { String($0) }
  }
}
