import Foundation
import Testing

@testable import Daemon

@Suite struct ConfigurationFileTests {
  private let facts = ProcessFacts(processID: 1, userID: 0, environment: [:])

  private func findings(
    _ paths: [String], _ environment: [String: String] = [:]
  ) -> [String] {
    var facts = facts
    facts.environment = environment
    do throws(ConfigurationRefusal) {
      _ = try DaemonConfiguration.load(flags: [:], configPaths: paths, process: facts)
      return []
    } catch {
      return error.findings.map(\.description)
    }
  }

  private func withFile(_ bytes: Data, _ body: (String) -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("ipledger-\(UUID().uuidString).yaml").path
    try bytes.write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    body(path)
  }

  @Test func `the file is named by flag or by variable, and the flag wins`() throws {
    try withFile(Data("wrong: 1".utf8)) { path in
      #expect(findings([path]).first?.hasPrefix("\(path):1: wrong") == true)
      #expect(findings([], ["IPLEDGER_CONFIG": path]).first?.hasPrefix("\(path):1") == true)
      #expect(
        findings(["/nonexistent/c.yaml"], ["IPLEDGER_CONFIG": path]) == [
          "--config: /nonexistent/c.yaml cannot be read: No such file or directory"
        ])
    }
  }

  @Test func `a file that is not UTF-8 is named`() throws {
    try withFile(Data([0x61, 0xFF])) { path in
      #expect(findings([path]) == ["--config: \(path) is not UTF-8 text"])
    }
  }

  @Test func `two files are a mistake`() {
    #expect(findings(["a", "b"]) == ["--config: given 2 times: give it once"])
  }
}
