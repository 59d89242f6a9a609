import ClientCommands

/// The program: its arguments choose a command, and the command runs.
@main enum Program {
  static func main() { IPLedgerCommand.start() }
}
