import FaultKit
import Testing

@testable import ClientCommands

@Suite struct HelpTests {
  /// Every leaf of the tree of commands.
  private static let commands: [[String]] = [
    ["pod", "reserve"], ["pod", "release"], ["pod", "forget"], ["pod", "get"], ["pod", "list"],
    ["pod", "reconcile"], ["service", "reserve"], ["service", "update"], ["service", "adopt"],
    ["service", "release"], ["service", "get"], ["service", "list"], ["node", "register"],
    ["node", "release"], ["node", "get"], ["node", "list"], ["range", "list"], ["range", "get"],
    ["range", "add"], ["range", "drain"], ["range", "remove"], ["range", "exclude"],
    ["range", "include"], ["range", "explain"], ["ip", "get"], ["ip", "history"],
    ["ledger", "read"], ["ledger", "watch"], ["ledger", "verify"], ["ledger", "backup"],
    ["ledger", "compact"], ["ledger", "restore"], ["egress", "classify"], ["egress", "render"],
    ["server", "info"],
    ["server", "stats"], ["server", "health"], ["server", "ping"], ["call"], ["apply"], ["delete"],
    ["map"], ["import"], ["export"], ["gc"], ["top"], ["shell"],
  ]

  @Test(arguments: commands) func `every command shows an example of itself`(
    _ command: [String]
  ) throws {
    let run = try ChildProcess.run(ClientProgram.path, command + ["--help"])
    #expect(run.status == .exited(0))
    let name = (["ipledger"] + command).joined(separator: " ")
    let examples = run.output.split(separator: "\n").filter { $0.contains(name) }
    #expect(run.output.contains("Example:"))
    #expect(examples.count >= 2, "the usage and an example: \(run.output)")
  }

  @Test func `help says what each exit status means`() throws {
    let run = try ChildProcess.run(ClientProgram.path, ["--help"])
    for status in [0, 64, 65, 66, 69, 70, 73, 75, 76, 77] {
      #expect(run.output.contains("\n  \(status) "), "\(status)")
    }
  }

  @Test func `the README says the same of each exit status`() throws {
    let words = try Repository.text("README.md").replacing("\n", with: " ")
    for status in ClientCommands.ExitStatus.allCases {
      let sentence = "\(status.rawValue): \(status.meaning)"
      #expect(words.contains(sentence), "\(sentence)")
    }
  }

  @Test func `the README names every command`() throws {
    let text = try Repository.text("README.md")
    for command in Set(Self.commands.compactMap(\.first)) {
      #expect(text.contains("`\(command)`"), "\(command)")
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func `shells can complete`(_ shell: String) throws {
    let run = try ChildProcess.run(ClientProgram.path, ["--generate-completion-script", shell])
    #expect(run.status == .exited(0))
    #expect(run.output.contains("reconcile"))
  }
}
