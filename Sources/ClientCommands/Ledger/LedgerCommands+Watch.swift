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
      let filter: JSON = .members([
        "kinds": .optional(kinds), "namespace": .optional(namespace), "node": .optional(node),
      ])
      _ = try session.call(
        "ledger.watch",
        .members([
          "after": .optional(after), "filter": filter.members?.isEmpty == true ? nil : filter,
        ]
        ))
      let table = Table(Column.records, wide: session.output == .wide)
      var lines = StreamedTable(table, isShown: session.output == nil || session.output == .table)
      lines.begin()
      var seen = 0
      while seen < count ?? .max {
        guard let event = try session.notification(within: .seconds(3_600))?["params"] else {
          continue
        }
        seen += 1
        switch session.output {
        case .json: Console.write(event.text + "\n")
        case .yaml: Console.write("---\n" + event.yaml)
        case .table, .wide, nil: lines.add(event)
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
