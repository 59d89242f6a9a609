import Foundation

/// The knobs of the test run, and what a child process inherits.
package enum Environment {
  package static func text(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  package static func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

  /// This process's own, without what would configure a daemon by accident.
  package static var clean: [String: String] {
    let own = ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "STATE_DIRECTORY"]
    return ProcessInfo.processInfo.environment.filter { name, _ in
      !name.hasPrefix("IPLEDGER") && !own.contains(name) && name != "XDG_RUNTIME_DIR"
    }
  }

  /// `IPLEDGERD`, or the program of that name beside the test bundle.
  package static var daemonPath: String { text("IPLEDGERD") ?? product("ipledgerd") }

  /// `IPLEDGER_CNI`, or the program beside the test bundle.
  package static var pluginPath: String { text("IPLEDGER_CNI") ?? product("ipledger-cni") }

  private static func product(_ name: String) -> String {
    let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folder = URL(fileURLWithPath: bundle ?? ".").deletingLastPathComponent()
    return folder.appendingPathComponent(name).path
  }

  package static var isRoot: Bool { geteuid() == 0 }
}
