import ArgumentParser

/// `ipledger-load run FILE`: the phases of a scenario.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run the phases of a scenario.",
    discussion: "loadtest/scenarios has some, and loadtest/README.md says what they are made of.")

  @OptionGroup var server: ServerOptions

  @Argument(help: "A YAML file.")
  var file: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    var base = try server.plan()
    base.interval = output.interval
    base.keeps = false
    let scenario = try Scenario(file: file, base: base)
    try output.run(scenario.phases, title: "ipledger-load: \(scenario.name)")
  }
}
