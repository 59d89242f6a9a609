import Foundation
import Testing

@testable import Daemon

/// The README's table of settings against the one that the daemon goes by.
@Suite struct ReadmeTests {
  static func row(_ setting: Setting) -> String {
    "| `\(setting.key)` | `--\(setting.flag)` | `\(setting.environmentName)` |"
  }

  private func readme() throws -> String {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    return try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
  }

  @Test(arguments: Setting.allCases)
  func `the README has a row for every setting`(_ setting: Setting) throws {
    let rows = try readme().split(separator: "\n").filter { $0.hasPrefix(Self.row(setting)) }
    #expect(rows.count == 1)
  }

  @Test func `the README has rows for no other settings`() throws {
    let rows = try readme().split(separator: "\n").filter { $0.contains("| `IPLEDGER_") }
    #expect(rows.count == Setting.allCases.count)
  }
}
