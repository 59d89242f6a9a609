internal import IPLedgerClient

/// What a node holds, in all networks of the ledger, page by page.
struct Reservations {
  /// One pod's.
  struct Item {
    let json: JSON

    /// Whether the plugin made it for this CNI network.
    func isOf(_ network: String) -> Bool {
      json["labels"]?[Owner.networkLabel]?.string == network
    }

    /// Nil for one that was not made for an attachment.
    var attachment: Invocation.Attachment? {
      guard let containerID = json["containerID"]?.string,
        let interface = json["interface"]?.string
      else { return nil }
      return Invocation.Attachment(containerID: containerID, interface: interface)
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

  init(node: String) {
    filter = [JSON.Member("node", .string(node)), JSON.Member("limit", 1_000)]
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
