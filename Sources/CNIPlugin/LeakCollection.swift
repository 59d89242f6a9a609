internal import IPLedgerClient

/// GC: releases what this node holds for attachments of this network that are not valid any more.
///
/// Other nodes' and other networks' are left alone, and so is what is young: the runtime's list may
/// be older.
struct LeakCollection {
  private let settings: Settings
  private let network: String
  private let node: String
  private let valid: [JSON]

  init(_ config: NetworkConfig) throws(PluginError) {
    guard config.version.hasCollection else {
      throw PluginError(
        .incompatibleVersion, "config version does not allow GC",
        details: "config is \(config.version.rawValue), GC came with 1.1.0")
    }
    settings = try Settings(config)
    network = config.name
    node = try settings.nodeName
    valid = try Self.valid(config.root)
  }

  /// Null is an empty list; a list that is missing is a mistake.
  private static func valid(_ root: ConfigObject) throws(PluginError) -> [JSON] {
    let names = ["cni.dev/valid-attachments", "cni.dev/attachments"]
    guard let name = names.first(where: { root.json[$0] != nil }) else {
      throw PluginError(
        .invalidConfig, "\(names[0]) is missing",
        details: "GC releases nothing without the list of attachments that are valid")
    }
    var live: [JSON] = []
    for json in try root.list(name) ?? [] {
      guard let containerID = json.find("containerID")?.string, !containerID.isEmpty,
        let interface = json.find("ifname")?.string, !interface.isEmpty
      else { throw root.wrong(name, "holds an entry without containerID or ifname") }
      live.append(["containerID": .string(containerID), "interface": .string(interface)])
    }
    return live
  }

  func run() throws(PluginError) {
    var ledger = LedgerConnection(to: settings.address, within: settings.timeLimit)
    // To the ledger, all of the node's networks are one, so those of the others are live too.
    var live = valid
    var pods = Reservations(node: node, network: settings.pool ?? "default")
    while let pod = try pods.next(&ledger) {
      if !pod.isOf(network), let entry = Self.liveEntry(pod) { live.append(entry) }
    }
    var params = [
      JSON.Member("node", .string(node)), JSON.Member("live", .array(live)),
      JSON.Member("olderThanSeconds", .int(Int64(settings.collectAfterSeconds))),
    ]
    if let pool = settings.pool { params.append(JSON.Member("network", .string(pool))) }
    do throws(PluginError) {
      _ = try ledger.call("pod.reconcile", .object(params))
    } catch {
      guard error.code != .notFound else { return }
      throw error
    }
  }

  private static func liveEntry(_ pod: Reservations.Item) -> JSON? {
    guard let containerID = pod.json["containerID"], let interface = pod.json["interface"] else {
      return nil
    }
    return ["containerID": containerID, "interface": interface]
  }
}
