import ArgumentParser
import ClientShell

/// `ipledger shell`: one question after the other.
struct ShellCommand: ParsableCommand {
  static let configuration = CommandConfiguration.command(
    "shell", "Asks line by line: with history and completion on a terminal, plainly in a pipe.",
    example: "ipledger shell\nprintf 'pod.list node=worker-1\\n' | ipledger shell")

  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func run() throws {
    var first: ExitStatus?
    var hasFailed = false
    try CommandFailure.told {
      let line = OpenLine(options)
      var shell = Shell(environment: Console.environment) { method, params in
        do {
          return try line.call(method, params)
        } catch let failure as CommandFailure {
          first = first ?? failure.status
          throw failure
        }
      }
      shell.hasColour = Palette.ofOutput.isOn
      hasFailed = try shell.run() != 0
    }
    // A line that could not be read has asked nobody.
    guard !hasFailed else { throw ExitCode((first ?? .invalid).rawValue) }
  }
}
