import ArgumentParser
import IPLedgerClient

extension LedgerCommands {
  /// Records as they come.
  struct Watch: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "watch", "Shows each change as it becomes durable, until Ctrl-C. JSON is a line an event.",
      example: "ipledger ledger watch --kind Pod -n prod\n"
        + "ipledger ledger watch --after 0 -o json | jq .object.podIPs")

    @Option(help: "From the record after this revision on; else from now.") var after: Int64?
    @Option(name: .customLong("kind"), help: "Pod, Service, Node or Range; may be repeated.")
    var kinds: [String] = []
    @Option(name: .shortAndLong, help: "Of this namespace only.") var namespace: String?
    @Option(help: "Of this node only.") var node: String?
    @Option(help: "End after so many events.") var count: Int?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let table = Table(Column.records, wide: session.output == .wide)
      var lines = StreamedTable(
        table, isShown: [nil, .table, .wide].contains(session.output))
      lines.begin()
      var progress = Progress(after: after)
      var session = session
      while true {
        let begun = try session.call("ledger.watch", params(after: progress.after))
        progress.after = progress.after ?? begun["revision"]?.int
        do {
          return try follow(session, &progress, &lines)
        } catch let failure as CommandFailure where failure.status == .retry {
          let place = progress.after.map { " after revision \($0)" } ?? ""
          Console.complain("The connection ended\(place): connecting again.\n")
          session = try sessionAgain()
        }
      }
    }

    /// How far the watch has come: it goes on there, without a gap, on another connection.
    private struct Progress {
      var after: Int64?
      var seen = 0
    }

    private func params(after: Int64?) -> JSON {
      let filter: JSON = .members([
        "kinds": .optional(kinds), "namespace": .optional(namespace), "node": .optional(node),
      ])
      let isFiltered = filter.members?.isEmpty == false
      return .members(["after": .optional(after), "filter": isFiltered ? filter : nil])
    }

    private func follow(
      _ session: Session, _ progress: inout Progress, _ lines: inout StreamedTable
    ) throws {
      while progress.seen < count ?? .max {
        guard let event = try session.notification(within: .seconds(3_600))?["params"] else {
          continue
        }
        progress.seen += 1
        progress.after = event["revision"]?.int ?? progress.after
        switch session.output {
        case .json: Console.write(event.text + "\n")
        case .yaml: Console.write("---\n" + event.yaml)
        case .table, .wide, nil: lines.add(event)
        }
      }
    }

    /// A new connection, as soon as somebody answers again.
    private func sessionAgain() throws -> Session {
      let clock = ContinuousClock()
      let end = clock.now + options.limit
      while true {
        do {
          return try Session(options)
        } catch let failure as CommandFailure
          where [.unreachable, .retry].contains(failure.status) && clock.now < end
        {
          Console.pause(milliseconds: 100)
        }
      }
    }
  }
}

/// A table whose lines are shown as they come: its columns only ever grow.
struct StreamedTable {
  private let table: Table
  private let isShown: Bool
  private var widths: [Int]

  init(_ table: Table, isShown: Bool) {
    self.table = table
    self.isShown = isShown
    widths = table.columns.map { max($0.title.columns, 8) }
  }

  func begin() {
    guard isShown else { return }
    let titles = table.line(table.columns.map(\.title), widths)
    Console.write(Palette.ofOutput.bold(titles) + "\n")
  }

  mutating func add(_ item: JSON) {
    let cells = table.columns.map { $0.text(item) }
    widths = zip(widths, cells).map { max($0, $1.columns) }
    Console.write(table.line(cells, widths) + "\n")
  }
}
