package import Foundation

/// A real daemon with its own folder, ledger and socket.
///
/// It is killed when nobody holds it any more: a test that fails leaves none behind. Its clients
/// hold it.
package final class DaemonProcess: Sendable {
  package let folder: TemporaryFolder
  package let setup: DaemonSetup
  package let child: ChildProcess

  /// Starts a daemon and waits until it serves.
  package static func start(
    _ setup: DaemonSetup = .dual, in folder: TemporaryFolder? = nil
  ) throws -> DaemonProcess {
    let daemon = try launch(setup, in: folder)
    try daemon.waitUntilReady()
    return daemon
  }

  /// Starts a daemon and does not wait: for those that shall refuse.
  package static func launch(
    _ setup: DaemonSetup = .dual, in folder: TemporaryFolder? = nil
  ) throws -> DaemonProcess {
    try DaemonProcess(setup, folder ?? TemporaryFolder())
  }

  private init(_ setup: DaemonSetup, _ folder: TemporaryFolder) throws {
    self.setup = setup
    self.folder = folder
    let command = setup.wrapper + [Environment.daemonPath] + (try Self.arguments(setup, folder))
    let environment = Environment.clean.merging(setup.environment) { _, own in own }
    child = try ChildProcess(
      command[0], Array(command[1...]), environment: environment, folder: folder.path)
  }

  deinit { child.signal(SIGKILL) }

  private static func arguments(
    _ setup: DaemonSetup, _ folder: TemporaryFolder
  ) throws -> [String] {
    var arguments: [String] = []
    if !setup.yaml.isEmpty {
      arguments += ["--config", try folder.write(setup.yaml + "\n", to: "config.yaml")]
    }
    if setup.namesLedger { arguments += ["--ledger", folder.file("ledger.db")] }
    if setup.namesSocket { arguments += ["--listen", "unix:" + folder.file("s.sock")] }
    let pairs: [(String, String?)] = [
      ("--service-cluster-ip-range", setup.serviceRange),
      ("--cluster-cidr", setup.clusterCIDR),
      ("--node-cidr-mask-size-ipv4", setup.masks.ipv4.map { String($0) }),
      ("--node-cidr-mask-size-ipv6", setup.masks.ipv6.map { String($0) }),
    ]
    for (flag, value) in pairs {
      if let value { arguments += [flag, value] }
    }
    return arguments + setup.flags
  }

  package var socketPath: String { folder.file("s.sock") }
  package var ledgerPath: String { folder.file("ledger.db") }
  package var pid: pid_t { child.pid }

  /// Waits for the word that the daemon writes when it serves.
  package func waitUntilReady() throws {
    try child.waitForErrorLine("ready") { line in
      line == "ready" || line.split(separator: " ").last == "ready"
    }
  }

  package func client() throws -> LineClient { try LineClient(unix: socketPath, of: self) }

  /// SIGTERM, and how it ended.
  @discardableResult
  package func stop() throws -> ExitStatus {
    child.signal(SIGTERM)
    return try child.waitForExit()
  }

  /// SIGKILL: what no handler sees.
  package func kill() throws {
    child.signal(SIGKILL)
    _ = try child.waitForExit()
  }

  /// SIGSTOP, and every thread has stopped: what is asked from now on is not answered.
  package func pause() throws {
    child.signal(SIGSTOP)
    _ = try eventually("the daemon's stop") {
      let tasks = "/proc/\(pid)/task"
      let states = try FileManager.default.contentsOfDirectory(atPath: tasks).map { task in
        try String(contentsOfFile: "\(tasks)/\(task)/status", encoding: .utf8)
      }
      return states.allSatisfy { $0.contains("State:\tT") } ? true : nil
    }
  }

  /// Another daemon on the same folder.
  ///
  /// This one has ended before.
  package func startAgain(_ setup: DaemonSetup? = nil) throws -> DaemonProcess {
    try Self.start(setup ?? self.setup, in: folder)
  }

  /// Resident memory in bytes.
  package func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    guard let kilobytes = line?.split(separator: " ").dropLast().last.flatMap({ Int($0) }) else {
      throw HarnessFailure.ended("no VmRSS in the status of \(pid)")
    }
    return kilobytes * 1024
  }
}
