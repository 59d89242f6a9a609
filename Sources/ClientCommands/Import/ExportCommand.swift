import ArgumentParser
import IPLedgerClient

/// `ipledger export`.
struct ExportCommand: SessionCommand {
  static let configuration = CommandConfiguration.command(
    "export", "Prints every node, Service and pod, for import or for a spreadsheet.",
    example: "ipledger export > cluster.json\nipledger export --format csv > addresses.csv")

  /// What is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case json
    case csv
  }

  @Option(help: "json, which import reads back whole, or csv.") var format: Format = .json
  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func work(_ session: Session) throws {
    let lists = try ["node", "service", "pod"].map { try session.list("\($0).list") }
    let items = lists.map { $0["items"] ?? [] }
    switch format {
    case .json:
      let all: JSON = [
        "ipledgerExport": 1, "revision": lists[2]["revision"] ?? .null,
        "nodes": items[0], "services": items[1], "pods": items[2],
      ]
      Console.write(all.indented)
    case .csv:
      let kinds = ["Node", "Service", "Pod"]
      let rows = zip(kinds, items).flatMap { kind, items in
        (items.array ?? []).map { Self.row(kind, $0) }
      }
      let lines = ([ImportEntry.csvColumns] + rows).map { CSV.line($0) }
      Console.write(lines.joined())
    }
  }

  private static func row(_ kind: String, _ item: JSON) -> [String] {
    let ips = item["podIPs"] ?? item["podCIDRs"] ?? item["spec"]?["clusterIPs"]
    return ImportEntry.csvColumns.map { column in
      switch column {
      case "kind": kind
      case "ips": (ips?.strings ?? []).joined(separator: " ")
      case "nodeIPs": (item["nodeIPs"]?.strings ?? []).joined(separator: " ")
      default: item[column]?.string ?? ""
      }
    }
  }
}
