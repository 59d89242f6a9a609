import IPLedgerClient

extension ImportEntry {
  /// The columns that are read; lists inside a cell are separated by spaces.
  static let csvColumns = [
    "kind", "namespace", "name", "node", "ips", "containerID", "interface", "network", "uid",
    "nodeIPs",
  ]

  /// Lines of comma-separated values, the first of them naming the columns.
  static func csv(_ text: String, name: String) throws -> [ImportEntry] {
    var rows = CSV.rows(of: text)
    guard !rows.isEmpty else { return [] }
    let heading = rows.removeFirst()
    let unknown = heading.filter { !csvColumns.contains($0) }
    guard unknown.isEmpty, heading.contains("kind"), heading.contains("name") else {
      throw CommandFailure(
        .invalid,
        "\(name): the first line does not name the columns"
          + (unknown.isEmpty ? "" : ": unknown \(unknown.joined(separator: ", "))"),
        next: "name some of \(csvColumns.joined(separator: ",")); kind and name are needed")
    }
    return try rows.enumerated().map { index, row in
      guard row.count == heading.count else {
        throw CommandFailure(
          .invalid, "\(name): line \(index + 2) has \(row.count) cells, not \(heading.count)",
          next: "write as many commas as in the first line")
      }
      let cells = Dictionary(zip(heading, row)) { first, _ in first }.filter { !$0.value.isEmpty }
      guard let kind = Manifest.Kind(rawValue: cells["kind"] ?? "") else {
        throw CommandFailure(
          .invalid, "\(name): line \(index + 2): kind '\(cells["kind"] ?? "")'",
          next: "a kind is Node, Service or Pod")
      }
      return entry(kind, cells)
    }
  }

  private static func entry(_ kind: Manifest.Kind, _ cells: [String: String]) -> ImportEntry {
    func list(_ column: String) -> [String] {
      (cells[column] ?? "").split(separator: " ").map { String($0) }
    }
    let ips = list("ips")
    let name = JSON.optional(cells["name"])
    let namespace = JSON.string(cells["namespace"] ?? "default")
    switch kind {
    case .node:
      let params: JSON = .members([
        "name": name, "podCIDRs": .optional(ips), "nodeIPs": .optional(list("nodeIPs")),
      ])
      return ImportEntry(kind: kind, params: params, addresses: [])
    case .service:
      let spec = adopted(.members(["clusterIPs": .optional(ips)]), primary: "IPv4")
      let params: JSON = .members([
        "namespace": namespace, "name": name, "uid": .optional(cells["uid"]),
        "spec": spec.with("clusterIP", .optional(ips.first)),
      ])
      return ImportEntry(kind: kind, params: params, addresses: ips.filter { $0 != "None" })
    case .pod:
      let params: JSON = .members([
        "node": .optional(cells["node"]), "namespace": namespace, "name": name,
        "uid": .optional(cells["uid"]), "containerID": .optional(cells["containerID"]),
        "interface": .optional(cells["interface"]), "network": .optional(cells["network"]),
        "ips": .optional(ips),
      ])
      return ImportEntry(kind: kind, params: params, addresses: ips)
    }
  }
}
