internal import IPLedgerClient

/// Where the ledger is, and what the plugin is in it: the keys of `ipam` that are ipledger's own.
struct Settings: Sendable {
  /// What they are called.
  enum Key: String, CaseIterable {
    case socket, node, pool, autoRegisterNode, timeoutSeconds, notReadyWhenFull
    case collectAfterSeconds
  }

  let address: ServerAddress

  /// The node that attachments belong to; nil: the host's name.
  let node: String?

  /// A named pool; nil: the node's pod CIDRs.
  let pool: String?

  /// Whether ADD registers a node that the daemon does not know.
  let registersNode: Bool

  /// How long the plugin waits for the daemon, all in all.
  let timeLimit: Duration

  /// Whether STATUS answers with an error when a range of the node is full.
  let isFullNotReady: Bool

  /// What is younger GC does not take: the runtime's list may be older than that.
  let collectAfterSeconds: Int

  private static var usualSeconds: Int { 10 }

  init(_ config: NetworkConfig) throws(PluginError) {
    let ipam = config.ipam
    address = try Self.address(ipam)
    node = try ipam.text(Key.node.rawValue)
    pool = try Self.pool(ipam)
    registersNode = try ipam.flag(Key.autoRegisterNode.rawValue) ?? false
    let seconds = try ipam.number(Key.timeoutSeconds.rawValue, in: 1...300) ?? Self.usualSeconds
    timeLimit = .seconds(seconds)
    isFullNotReady = try ipam.flag(Key.notReadyWhenFull.rawValue) ?? false
    collectAfterSeconds = try ipam.number(Key.collectAfterSeconds.rawValue, in: 0...86_400) ?? 60
  }

  /// For DEL: what a release does not need may be wrong by now.
  init(lenient config: NetworkConfig) throws(PluginError) {
    let ipam = config.ipam
    address = try Self.address(ipam)
    node = try? ipam.text(Key.node.rawValue)
    pool = try? Self.pool(ipam)
    registersNode = false
    let seconds = try? ipam.number(Key.timeoutSeconds.rawValue, in: 1...300)
    timeLimit = .seconds(seconds ?? Self.usualSeconds)
    isFullNotReady = false
    collectAfterSeconds = 60
  }

  /// `default` is what the node has by itself.
  private static func pool(_ ipam: ConfigObject) throws(PluginError) -> String? {
    let name = try ipam.text(Key.pool.rawValue)
    return name == "default" ? nil : name
  }

  private static func address(_ ipam: ConfigObject) throws(PluginError) -> ServerAddress {
    guard let text = try ipam.text(Key.socket.rawValue) else { return .standard }
    let address: ServerAddress
    do throws(ServerAddressError) {
      address = try ServerAddress(text)
    } catch {
      throw ipam.wrong(Key.socket.rawValue, error.description)
    }
    if case .unix(let path) = address, !path.hasPrefix("/") {
      throw ipam.wrong(Key.socket.rawValue, "'\(text)' must be an absolute path")
    }
    return address
  }
}
