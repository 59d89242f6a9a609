import ArgumentParser
import IPLedgerClient
import SQLiteLedger

extension LedgerCommands {
  /// A check: the daemon's own, or of a file.
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration.command(
      "verify",
      "Holds a ledger against its records and SQLite's check. Exits with 65 if it is damaged.",
      example: "ipledger ledger verify\n"
        + "ipledger ledger verify --file /var/backups/ipledger.db")

    @Option(
      help: ArgumentHelp(
        "A ledger or backup that no daemon serves, instead of the daemon's.", valueName: "path"))
    var file: String?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func run() throws {
      guard let file else {
        return try options.run { session in
          try report(
            try session.callPatiently("ledger.verify"), next: "restart the daemon on a backup")
        }
      }
      try CommandFailure.told {
        let verdict = try OfflineLedger.told { () throws(LedgerOpenError) in
          try OfflineLedger.verify(file)
        }
        let answer: JSON = [
          "ok": .bool(verdict.problems.isEmpty),
          "problems": .array(verdict.problems.map(JSON.string)),
          "records": .int(Int64(clamping: verdict.records)),
        ]
        try report(answer, next: "restore another backup")
      }
    }

    private func report(_ answer: JSON, next: String) throws {
      Display(output: options.output).show(answer)
      guard answer["ok"]?.bool == true else {
        throw CommandFailure(
          .invalid, "the ledger is damaged", next: "keep its files for examination, and \(next)")
      }
    }
  }

  /// A backup becomes the ledger.
  struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration.command(
      "restore",
      "Verifies a backup and puts a copy of it where a stopped daemon has its ledger.",
      example: "systemctl stop ipledgerd\n"
        + "ipledger ledger restore /var/backups/ipledger.db /var/lib/ipledger/ledger.db")

    @Argument(help: "The backup.") var backup: String
    @Argument(help: "The daemon's ledger; what stands there is set aside, not deleted.")
    var ledger: String
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func run() throws {
      try CommandFailure.told {
        let restored = try OfflineLedger.told { () throws(LedgerOpenError) in
          try OfflineLedger.restore(backup, to: ledger)
        }
        Display(output: options.output).show(
          .members([
            "ledger": .string(ledger), "revision": .int(Int64(clamping: restored.copy.revision)),
            "bytes": .int(Int64(restored.copy.bytes)), "setAside": .optional(restored.setAside),
          ]))
      }
    }
  }
}

extension OfflineLedger {
  /// Runs `body`; what fails is told as every other failure.
  fileprivate static func told<Value>(
    _ body: () throws(LedgerOpenError) -> Value
  ) throws -> Value {
    do throws(LedgerOpenError) {
      return try body()
    } catch {
      throw CommandFailure(error)
    }
  }
}

extension CommandFailure {
  /// Why a ledger's files could not be used.
  fileprivate init(_ error: LedgerOpenError) {
    switch error {
    case .heldBy:
      self.init(
        .unreachable, "\(error)",
        next: "stop that daemon first; without stopping it, check it by: ipledger ledger verify")
    case .damaged, .foreign, .newerSchema:
      self.init(.invalid, "\(error)", next: "try another backup")
    case .unusable(_, let cause):
      self.init(
        cause == "there is no such file" ? .notFound : .refused, "\(error)",
        next: "correct that path, or ask as a user who may use it")
    }
  }
}
