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
      guard count != 0 else { return }
      let table = Table(Column.records, wide: session.output == .wide)
      var lines = StreamedTable(
        table, isShown: [nil, .table, .wide].contains(session.output))
      // Asked for even when it is not needed: who does not answer now is not waited for.
      let newest = try session.newestRevision()
      // Known before the first event, it is where another connection goes on.
      var last = after ?? newest
      lines.begin()
      var seen = 0
      var session = session
      while true {
        do {
          return try session.watch(after: last, filter) { event in
            last = event["revision"]?.int ?? last
            seen += 1
            switch session.output {
            case .json: Console.write(event.text + "\n")
            case .yaml: Console.write("---\n" + event.yaml)
            case .table, .wide, nil: lines.add(event)
            }
            return seen < count ?? .max
          }
        } catch let failure as CommandFailure where Self.mayHeal(failure) {
          Console.complain("The connection ended after revision \(last): connecting again.\n")
          session = try sessionAgain()
        }
      }
    }

    private var filter: JSON {
      .members([
        "kinds": .optional(kinds), "namespace": .optional(namespace), "node": .optional(node),
      ])
    }

    private static func mayHeal(_ failure: CommandFailure) -> Bool {
      failure.status == .unreachable || failure.status == .retry
    }

    /// A new connection, as soon as somebody answers again.
    private func sessionAgain() throws -> Session {
      let clock = ContinuousClock()
      let end = clock.now + options.limit
      while true {
        do {
          let session = try Session(options)
          _ = try session.call("server.ping")
          return session
        } catch let failure as CommandFailure where Self.mayHeal(failure) && clock.now < end {
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

  /// How wide a column nearly always becomes: its heading stands over it from the start.
  private static let usual = ["TIME": 24, "OBJECT": 20]

  init(_ table: Table, isShown: Bool) {
    self.table = table
    self.isShown = isShown
    widths = table.columns.map { max($0.title.columns, Self.usual[$0.title] ?? 8) }
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
