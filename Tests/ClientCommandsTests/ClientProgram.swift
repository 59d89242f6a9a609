import FaultKit
import Foundation
import Testing

/// The real client against a daemon, as a script starts it.
struct ClientProgram {
  let daemon: DaemonProcess

  init(_ setup: DaemonSetup = .dual) throws { daemon = try DaemonProcess.start(setup) }

  /// How a run ended, and what it printed.
  struct Run {
    let status: FaultKit.ExitStatus
    let output: String
    let errors: String

    var lines: [Substring] { output.split(separator: "\n") }
    /// The output with single spaces: what it says, however wide its columns are.
    var words: String {
      output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        .joined(separator: "\n")
    }
    var json: JSON? { JSON(parsing: output) }
  }

  static var path: String {
    URL(fileURLWithPath: Environment.daemonPath).deletingLastPathComponent()
      .appendingPathComponent("ipledger").path
  }

  func run(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
  ) throws -> Run {
    let address = ["IPLEDGER_SOCKET": "unix:\(daemon.socketPath)"]
    let settings = Environment.clean.merging(address) { $1 }.merging(environment) { $1 }
    let run = try ChildProcess.run(
      Self.path, arguments, input: input, folder: daemon.folder.path, environment: settings)
    return Run(status: run.status, output: run.output, errors: run.errors)
  }

  func callAsFunction(
    _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
  ) throws -> Run {
    try run(arguments, input: input, environment: environment)
  }

  /// The same, for what must succeed.
  @discardableResult
  func expect(
    _ arguments: String..., input: String? = nil, at location: SourceLocation = #_sourceLocation
  ) throws -> Run {
    let run = try run(arguments, input: input)
    #expect(run.status == .exited(0), "\(arguments): \(run.errors)", sourceLocation: location)
    return run
  }
}
