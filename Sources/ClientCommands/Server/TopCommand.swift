import ArgumentParser
import ClientShell

/// `ipledger top`: the daemon at work.
struct TopCommand: ParsableCommand {
  static let configuration = CommandConfiguration.command(
    "top", "Shows ranges, rates, times and when ranges will be full, until q; in a pipe once.",
    example: "ipledger top\nipledger top --interval 5")

  @Option(help: ArgumentHelp("Time between two pictures.", valueName: "seconds"))
  var interval = 1.0

  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func validate() throws {
    guard interval >= 0.1, interval <= 3_600 else {
      throw ValidationError("--interval \(interval): from 0.1 to 3600 seconds")
    }
  }

  func run() throws {
    try CommandFailure.told {
      let line = OpenLine(options)
      let interval = Duration.milliseconds(Int64(self.interval * 1_000))
      try Top(interval: interval, call: line.call).run()
    }
  }
}
