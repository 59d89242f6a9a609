import ArgumentParser
import IPLedgerClient

/// `ipledger ip …`.
struct AddressCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ip", abstract: "Who has an address, and who had it.",
    subcommands: [Get.self, History.self])
}

extension AddressCommands {
  /// Who has it.
  struct Get: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "get", "Says who holds an address, now or at a past time or revision.",
      example: "ipledger ip get 10.244.0.2\n"
        + "ipledger ip get 10.244.0.2 --at 2026-11-24T12:00:00Z")

    @Argument(help: "The address.") var ip: String
    @Option(help: ArgumentHelp("A past time or revision.", valueName: "time")) var at: String?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let moment = at.map { text in Int64(text).map(JSON.int) ?? .string(text) }
      session.show(
        try session.call("ip.get", .members(["ip": .string(ip), "at": moment])))
    }
  }

  /// Who had it.
  struct History: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "history", "Says who held an address, newest first.",
      example: "ipledger ip history 10.244.0.2 --limit 20")

    @Argument(help: "The address.") var ip: String
    @Option(help: "At most so many records.") var limit: Int64?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let params: JSON = .members(["ip": .string(ip), "limit": .optional(limit)])
      session.show(
        list: try session.call("ip.history", params), Column.history,
        empty: "Nobody has held \(ip), as far back as the ledger goes.")
    }
  }
}
