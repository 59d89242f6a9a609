import Foundation

/// strace on a running daemon, to make its disk slow or broken.
///
/// Needs root.
package final class Tracer: Sendable {
  private let child: ChildProcess

  /// - Parameters:
  ///   - calls: system calls by name, separated by commas.
  ///   - fault: what happens to each of them: `error=EIO`, `delay_enter=20000` (microseconds).
  package init(_ daemon: DaemonProcess, _ calls: String, _ fault: String) throws {
    child = try ChildProcess(
      "/usr/bin/strace",
      [
        "-f", "-o", "/dev/null", "-p", String(daemon.pid), "-e", "trace=" + calls, "-e",
        "inject=\(calls):\(fault)",
      ])
    try child.waitForErrorLine("strace to attach") { $0.contains("attached") }
  }

  /// The daemon goes on without it.
  deinit { child.signal(SIGTERM) }

  /// What makes written data durable.
  package static let syncs = "fdatasync,fsync"
}
