package import ArgumentParser

/// `ipledger`: what operators and scripts type to speak with a daemon.
package struct IPLedgerCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "ipledger",
    abstract: "Speaks with ipledgerd: reserves, looks up, explains and repairs addresses.",
    discussion: HelpText.discussion,
    version: "0.1.0",
    subcommands: [CallMethod.self],
    groupedSubcommands: [
      CommandGroup(name: "Manifests", subcommands: [ApplyCommand.self, DeleteCommand.self]),
      CommandGroup(
        name: "Objects",
        subcommands: [PodCommands.self, ServiceCommands.self, NodeCommands.self]),
      CommandGroup(
        name: "Addresses",
        subcommands: [
          RangeCommands.self, AddressCommands.self, MapCommand.self, EgressCommands.self,
        ]),
      CommandGroup(
        name: "Moving and repairing",
        subcommands: [ImportCommand.self, ExportCommand.self, CollectCommand.self]),
      CommandGroup(
        name: "The daemon",
        subcommands: [
          LedgerCommands.self, ServerCommands.self, TopCommand.self, ShellCommand.self,
        ]),
    ])

  @OptionGroup(title: "Everywhere") var options: ClientOptions

  package init() {}

  /// Runs what the command line asks for, and ends the process.
  package static func start() { main() }
}

/// The parts of `--help` that are not about one command.
enum HelpText {
  static let discussion = """
    The daemon is found at --socket, else at IPLEDGER_SOCKET, else where a daemon of this user \
    listens by itself. Every command has its own --help, with an example.

    Examples:

      ipledger node register worker-1
      ipledger pod reserve web-0 --node worker-1
      ipledger pod list -o wide
      ipledger apply -f my-service.yaml | kubectl apply -f -
      ipledger range explain 10.244.0.0/16
      ipledger call server.info

    Exit status:

    \(ExitStatus.table)
    """
}
