import ArgumentParser
import IPLedgerClient

/// `ipledger ledger …`.
struct LedgerCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "The ledger: every change, from any revision on.",
    subcommands: [Read.self, Watch.self, Verify.self, Backup.self, Restore.self, Compact.self])
}

extension LedgerCommands {
  /// Records that are there.
  struct Read: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "read", "Shows the records after a revision.", example: "ipledger ledger read --after 100")

    @Option(help: "The revision before the first record.") var after: Int64 = 0
    @Option(help: "At most so many records.") var limit: Int64?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      var items: [JSON] = []
      var last = after
      var revision = JSON.null
      while limit.map({ $0 > Int64(items.count) }) ?? true {
        let page = min((limit ?? .max) - Int64(items.count), 1_000)
        let answer = try session.call("ledger.read", ["after": .int(last), "limit": .int(page)])
        revision = answer["revision"] ?? .null
        let some = answer["items"]?.array ?? []
        items += some
        guard let reached = some.last?["revision"]?.int, reached < revision.int ?? 0 else { break }
        last = reached
      }
      session.show(
        list: ["items": .array(items), "revision": revision], Column.records,
        empty: "There is no record after revision \(after).")
    }
  }

  /// A copy.
  struct Backup: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "backup", "Makes the daemon write a copy that is a ledger, while it works.",
      example: "ipledger ledger backup /var/backups/ipledger.db")

    @Argument(help: "A new file, on the daemon's machine.") var path: String
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.show(try session.callPatiently("ledger.backup", ["path": .string(path)]))
    }
  }

  /// Old records go.
  struct Compact: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "compact", "Deletes the records below a revision; what is held stays.",
      example: "ipledger ledger compact --before 100000 --yes")

    @Option(help: "The first revision that is kept.") var before: Int64
    @Flag(name: .shortAndLong, help: "Do it: it cannot be undone.") var yes = false
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func validate() throws {
      guard yes else {
        throw ValidationError("the history before \(before) would be gone for ever: add --yes")
      }
    }

    func work(_ session: Session) throws {
      session.show(try session.callPatiently("ledger.compact", ["before": .int(before)]))
    }
  }
}
