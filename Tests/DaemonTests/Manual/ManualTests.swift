import Foundation
import Testing

@testable import Daemon

/// The pages of the manual say what the settings say.
///
/// `IPLEDGER_WRITE_MANUAL=1 swift test --filter ManualTests` writes them anew.
@Suite struct ManualTests {
  @Test(arguments: ManualPage.all)
  func `the page is the one that follows from the settings`(_ page: ManualPage) throws {
    let file = ManualPage.folder.appendingPathComponent(page.name)
    if ProcessInfo.processInfo.environment["IPLEDGER_WRITE_MANUAL"] == "1" {
      try page.text.write(to: file, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: file, encoding: .utf8)
    #expect(written == page.text, "write it anew with IPLEDGER_WRITE_MANUAL=1")
  }

  @Test(arguments: Setting.allCases)
  func `every setting is in both pages`(_ setting: Setting) {
    #expect(ManualPage.daemon.text.contains("\n.It Fl -\(setting.flag) Ar "))
    #expect(ManualPage.file.text.contains("\n.It Ic \(setting.key)\n"))
  }

  @Test(arguments: [
    (".x", "\\&.x"), ("'x", "\\&'x"), ("a\\b", "a\\eb"), ("CIDR…", "CIDR..."), ("a.b", "a.b"),
  ])
  func `nothing in a text is a command`(_ text: String, _ escaped: String) {
    #expect(ManualPage.escaped(text) == escaped)
  }

  @Test(arguments: ["ipledger.1", "ipledger-cni.8"] + ManualPage.all.map(\.name))
  func `groff has no complaint`(_ name: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/groff")
    process.arguments = [
      "-mandoc", "-Tutf8", "-ww", "-z", ManualPage.folder.appendingPathComponent(name).path,
    ]
    let complaints = Pipe()
    process.standardError = complaints
    try process.run()
    let text = String(
      decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && text.isEmpty, "\(text)")
  }
}
