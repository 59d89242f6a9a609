import Foundation

/// How a log line looks.
package enum LogStyle: Sendable, Hashable {
  /// For people and files: `2026-01-02T03:04:05.678Z info ledger opened path=/x`.
  case timestamped

  /// For systemd's journal, which knows the time: `<6>ledger opened path=/x`.
  case journal

  /// The journal's style when standard error is the journal's stream.
  ///
  /// `JOURNAL_STREAM` names that as `device:inode`. The variable alone proves nothing: children
  /// whose standard error leads elsewhere inherit it.
  package static func detect(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    standardError: String? = try? FileManager.default.destinationOfSymbolicLink(
      atPath: "/proc/self/fd/2")
  ) -> LogStyle {
    let inode = environment["JOURNAL_STREAM"]?.split(separator: ":").last
    guard let inode, standardError == "socket:[\(inode)]" else { return .timestamped }
    return .journal
  }
}
