import Addressing
import Allocation
import Yams

// The named pools: in the file a list of `{name, cidrs}`, elsewhere `NAME=CIDR CIDR`.
extension SettingValues {
  mutating func takePools(_ nodes: [Node], _ source: SettingSource) {
    var entries: [String] = []
    for (index, node) in nodes.enumerated() {
      guard let mapping = node.mapping else {
        find(source, .invalid, "pool \(index + 1) must be 'name' and 'cidrs'")
        continue
      }
      var name: String?
      var cidrs: [String]?
      for (key, value) in mapping {
        switch key.scalar?.string {
        case "name": name = value.scalar?.string
        case "cidrs":
          cidrs =
            value.scalar.map { [$0.string] } ?? value.sequence?.map { $0.scalar?.string ?? "" }
        default:
          find(
            source, .unknown,
            "pool \(index + 1) has a key other than name and cidrs: \(key.scalar?.string ?? "?")"
          )
        }
      }
      guard let name, let cidrs else {
        find(source, .required, "pool \(index + 1) must have 'name' and 'cidrs'")
        continue
      }
      entries.append("\(name)=\(cidrs.joined(separator: " "))")
    }
    take(.pools, SettingValue(content: .list(entries), source: source))
  }

  /// - Parameter others: ranges that no pool may overlap.
  mutating func readPools(besides others: [CIDR]) -> [PoolConfiguration] {
    var pools: [PoolConfiguration] = []
    var taken = others
    for entry in list(.pools) ?? [] {
      let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, isNetworkName(parts[0]) else {
        find(
          source(.pools), .invalid,
          "'\(entry)' must be a name other than default, '=' and CIDRs: storage=10.50.0.0/20")
        continue
      }
      guard !pools.contains(where: { $0.name == parts[0] }) else {
        find(source(.pools), .duplicate, "there are two pools of the name \(parts[0])")
        continue
      }
      let cidrs = readCIDRs(parts[1], of: parts[0])
      if let cidr = cidrs.first(where: { cidr in taken.contains { $0.overlaps(cidr) } }) {
        find(source(.pools), .invalid, "\(cidr) of pool \(parts[0]) overlaps another range")
      }
      taken += cidrs
      pools.append(PoolConfiguration(name: parts[0], cidrs: cidrs))
    }
    return pools
  }

  private func isNetworkName(_ name: String) -> Bool {
    !name.isEmpty && name != "default" && name.utf8.count <= 63
      && name.utf8.allSatisfy { $0 > 32 && $0 != 127 }
  }

  private mutating func readCIDRs(_ text: String, of pool: String) -> [CIDR] {
    var cidrs: [CIDR] = []
    for text in text.split(separator: " ") {
      do throws(AddressTextError) {
        cidrs.append(try CIDR(parsing: String(text).utf8Span.span))
      } catch {
        find(source(.pools), .invalid, "'\(text)' of pool \(pool) \(error.message)")
      }
    }
    if cidrs.isEmpty || Set(cidrs.map(\.family)).count < cidrs.count {
      find(
        source(.pools), .invalid,
        "pool \(pool) must have one range, or two of different families")
    }
    return cidrs
  }
}
