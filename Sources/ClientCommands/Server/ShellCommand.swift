import ArgumentParser
import ClientShell

/// `ipledger shell`: one question after the other.
struct ShellCommand: ParsableCommand {
  static let configuration = CommandConfiguration.command(
    "shell", "Asks line by line: with history and completion on a terminal, plainly in a pipe.",
    example: "ipledger shell\nprintf 'pod.list node=worker-1\\n' | ipledger shell")

  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func run() throws {
    var status: Int32 = 0
    try CommandFailure.told {
      let line = OpenLine(options)
      status = try Shell(environment: Console.environment, call: line.call).run()
    }
    guard status == 0 else { throw ExitCode(status) }
  }
}
