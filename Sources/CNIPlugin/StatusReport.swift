internal import IPLedgerClient

/// STATUS: whether an ADD can be served now; changes nothing, and never hangs.
struct StatusReport {
  private let settings: Settings
  private let node: String

  /// The kubelet asks every five seconds.
  private static var limit: Duration { .seconds(2) }

  init(_ config: NetworkConfig) throws(PluginError) {
    guard config.version.hasCollection else {
      throw PluginError(
        .incompatibleVersion, "config version does not allow STATUS",
        details: "config is \(config.version.rawValue), STATUS came with 1.1.0")
    }
    settings = try Settings(config)
    node = try settings.nodeName
  }

  func run() throws(PluginError) {
    var ledger = LedgerConnection(
      to: settings.address, within: min(settings.timeLimit, Self.limit))
    do throws(PluginError) {
      let health = try ledger.call("server.health")
      guard health["ready"]?.bool == true else {
        let state = health["ledger"]?.string ?? "unknown"
        throw PluginError(
          .notAvailable, "ipledger takes no changes now", details: "its ledger is \(state)")
      }
      try checkNode(&ledger)
    } catch {
      guard error.code != .invalidConfig else { throw error }
      throw PluginError(.notAvailable, error.message, details: error.details)
    }
  }

  private func checkNode(_ ledger: inout LedgerConnection) throws(PluginError) {
    guard settings.pool == nil else { return }
    let blocks: [String]
    do throws(PluginError) {
      blocks = try ledger.call("node.get", ["name": .string(node)])["podCIDRs"]?.strings ?? []
    } catch {
      if error.code == .notFound, settings.registersNode { return }
      throw error
    }
    guard settings.isFullNotReady else { return }
    for block in blocks {
      let range = try ledger.call("range.get", ["cidr": .string(block)])
      guard range["free"]?.string == "0", range["quarantined"]?.string == "0" else { continue }
      throw PluginError(
        .notAvailable, "no address is free in \(block)", details: "of node \(node)")
    }
  }
}
