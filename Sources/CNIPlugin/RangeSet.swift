internal import Addressing
internal import IPLedgerClient

/// Ranges of one family, as configurations for host-local name them: an attachment gets one address
/// from each set.
///
/// The daemon decides what is handed out. The sets say which families are wanted, in which order,
/// and what it is held against.
struct RangeSet: Sendable, Hashable {
  struct Range: Sendable, Hashable {
    let subnet: CIDR
    let start: IPAddress?
    let end: IPAddress?
    let gateway: IPAddress?

    func contains(_ address: IPAddress) -> Bool {
      guard subnet.contains(address), address != gateway else { return false }
      if let start, address < start { return false }
      if let end, end < address { return false }
      return true
    }

    var description: String {
      guard start != nil || end != nil else { return subnet.description }
      let first = start ?? subnet.base
      let last = end ?? subnet.last
      return "\(first)-\(last)"
    }
  }

  let ranges: [Range]
  let family: IPFamily

  func contains(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }

  var description: String { ranges.map(\.description).joined(separator: ", ") }
}

extension RangeSet {
  /// The sets of a configuration; `runtimeConfig.ipRanges` stands first, then a range that is
  /// written into `ipam` itself, then `ipam.ranges`.
  static func sets(of config: NetworkConfig) throws(PluginError) -> [RangeSet] {
    var sets: [RangeSet] = []
    if let runtime = try config.root.object("runtimeConfig") {
      try append(try runtime.list("ipRanges") ?? [], "runtimeConfig.ipRanges", to: &sets)
    }
    if config.ipam.json.find("subnet") != nil {
      sets.append(try RangeSet([config.ipam.json], "ipam"))
    }
    try append(try config.ipam.list("ranges") ?? [], "ipam.ranges", to: &sets)
    for (index, set) in sets.enumerated() {
      guard !sets[..<index].contains(where: { $0.family == set.family }) else {
        throw PluginError(
          .invalidConfig, "two range sets are \(set.family.name)",
          details: "an attachment gets one address of each family")
      }
    }
    return sets
  }

  private static func append(
    _ list: [JSON], _ path: String, to sets: inout [RangeSet]
  ) throws(PluginError) {
    for (index, set) in list.enumerated() {
      guard let ranges = set.array, !ranges.isEmpty else {
        throw PluginError(
          .invalidConfig, "invalid range set \(index): \(path) is a list of lists of ranges")
      }
      sets.append(try RangeSet(ranges, "\(path)[\(index)]"))
    }
  }

  private init(_ list: [JSON], _ path: String) throws(PluginError) {
    var ranges: [Range] = []
    for json in list {
      guard json.members != nil else {
        throw PluginError(.invalidConfig, "\(path): a range is an object with a subnet")
      }
      ranges.append(try Range(ConfigObject(json: json, path: path)))
    }
    guard let family = ranges.first?.subnet.family,
      ranges.allSatisfy({ $0.subnet.family == family })
    else { throw PluginError(.invalidConfig, "\(path): mixed address families") }
    self.ranges = ranges
    self.family = family
  }
}

extension RangeSet.Range {
  fileprivate init(_ object: ConfigObject) throws(PluginError) {
    guard let text = try object.text("subnet") else {
      throw object.wrong("subnet", "is missing")
    }
    guard let subnet = CIDR(text) else {
      throw object.wrong("subnet", "'\(text)' is no CIDR without host bits, as 10.1.2.0/24")
    }
    self.subnet = subnet
    start = try Self.address(object, "rangeStart")
    end = try Self.address(object, "rangeEnd")
    gateway = try Self.address(object, "gateway")
    for (name, address) in [("rangeStart", start), ("rangeEnd", end)] {
      if let address, !subnet.contains(address) {
        throw object.wrong(name, "\(address) not in network \(subnet)")
      }
    }
    if let start, let end, end < start {
      throw object.wrong("rangeEnd", "\(end) stands before rangeStart \(start)")
    }
  }

  private static func address(
    _ object: ConfigObject, _ name: String
  ) throws(PluginError) -> IPAddress? {
    guard let text = try object.text(name) else { return nil }
    guard let address = RequestedAddresses.address(text) else {
      throw object.wrong(name, "'\(text)' is no IP address")
    }
    return address
  }
}
