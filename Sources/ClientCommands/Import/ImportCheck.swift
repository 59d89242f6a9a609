import IPLedgerClient

/// What stands in the way of an import, address by address, before anything is changed.
struct ImportCheck {
  /// One object with what would become of it.
  struct Finding {
    let entry: ImportEntry
    let state: String
    var isObstacle = false
    /// There is nothing to do.
    var isThere = false

    var item: JSON {
      .members([
        "object": .string(entry.title), "result": .string(state),
        "addresses": .optional(
          entry.kind == .node ? entry.params["podCIDRs"]?.strings ?? [] : entry.addresses),
      ])
    }
  }

  private(set) var findings: [Finding] = []
  var hasObstacles: Bool { findings.contains { $0.isObstacle } }

  /// What is not there yet.
  var missing: [ImportEntry] { findings.filter { !$0.isThere }.map(\.entry) }

  init(_ entries: [ImportEntry], _ session: Session) throws {
    var takers: [String: String] = [:]
    var progress = Progress("Checking", of: entries.count)
    for entry in entries {
      findings.append(try Self.finding(entry, &takers, session))
      progress.step()
    }
    progress.end()
  }

  private static func finding(
    _ entry: ImportEntry, _ takers: inout [String: String], _ session: Session
  ) throws -> Finding {
    if entry.kind == .node { return try finding(node: entry, session) }
    var isThere = !entry.addresses.isEmpty
    for address in entry.addresses {
      if let other = takers.updateValue(entry.title, forKey: address) {
        return Finding(entry: entry, state: "\(address) is \(other)'s too", isObstacle: true)
      }
      let answer = try session.call("ip.get", ["ip": .string(address)])
      switch answer["state"]?.string {
      case "reserved":
        let owner = answer["owner"] ?? .null
        guard entry.isHeld(by: owner) else {
          let name = "\(owner.text(at: "kind")) \(Owner.name(of: owner))"
          return Finding(entry: entry, state: "\(address) is held by \(name)", isObstacle: true)
        }
      // A pod's block may come with the import.
      case "outOfRange" where entry.kind == .pod: isThere = false
      case "free", "quarantined": isThere = false
      case let state:
        return Finding(
          entry: entry, state: "\(address) is \(state ?? "unknown")", isObstacle: true)
      }
    }
    return Finding(entry: entry, state: isThere ? "there already" : "new")
  }

  /// However the node was registered then: its blocks count.
  private static func finding(node entry: ImportEntry, _ session: Session) throws -> Finding {
    guard let held = try session.find("node.get", entry.key) else {
      return Finding(entry: entry, state: "new")
    }
    let wanted = entry.params["podCIDRs"] ?? []
    guard wanted == [] || wanted == held["podCIDRs"] else {
      return Finding(
        entry: entry, state: "the node has \(held.text(at: "podCIDRs"))", isObstacle: true)
    }
    return Finding(entry: entry, state: "there already", isThere: true)
  }
}
