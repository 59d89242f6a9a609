import ArgumentParser

/// A command that works over a connection.
protocol SessionCommand: ParsableCommand {
  var options: ClientOptions { get }

  /// What it does once it is connected.
  func work(_ session: Session) throws
}

extension SessionCommand {
  func run() throws { try options.run(work) }
}

extension CommandConfiguration {
  /// A command with an example, which every one of them has.
  static func command(_ name: String, _ abstract: String, example: String) -> CommandConfiguration {
    let lines = example.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    return CommandConfiguration(
      commandName: name, abstract: abstract, discussion: "Example:\n\n\(lines)")
  }
}
