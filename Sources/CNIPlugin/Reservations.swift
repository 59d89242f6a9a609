internal import IPLedgerClient

/// What a node holds, in one network of the ledger or in all of them, page by page.
struct Reservations {
  /// One pod's.
  struct Item {
    let json: JSON

    /// Whether the plugin made it for this CNI network.
    func isOf(_ network: String) -> Bool {
      json["labels"]?[Owner.networkLabel]?.string == network
    }

    /// Releases this one, as it is now.
    var releaseParams: JSON {
      let names = ["namespace", "name", "containerID", "interface", "network"]
      let members = names.compactMap { name in json[name].map { JSON.Member(name, $0) } }
      let fence = json["revision"].map { [JSON.Member("ifRevision", $0)] } ?? []
      return .object(members + fence)
    }
  }

  private let filter: [JSON.Member]
  private var page: [JSON] = []
  private var following: JSON?
  private var isFirst = true

  /// - Parameter network: a pool's name, or `default`; nil: all of them.
  init(node: String, network: String? = nil) {
    let name = network.map { [JSON.Member("network", .string($0))] } ?? []
    filter = [JSON.Member("node", .string(node)), JSON.Member("limit", 1_000)] + name
  }

  /// Nil behind the last one.
  mutating func next(_ ledger: inout LedgerConnection) throws(PluginError) -> Item? {
    while page.isEmpty {
      guard isFirst || following != nil else { return nil }
      isFirst = false
      let place = following.map { [JSON.Member("continue", $0)] } ?? []
      let answer = try ledger.call("pod.list", .object(filter + place))
      // From the end, so that taking one is cheap.
      page = (answer["items"]?.array ?? []).reversed()
      following = answer["continue"]
    }
    return page.popLast().map { Item(json: $0) }
  }
}
