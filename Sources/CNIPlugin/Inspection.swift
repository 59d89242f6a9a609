internal import Addressing
internal import IPLedgerClient

/// CHECK: whether an attachment still holds what ADD gave it; changes nothing.
struct Inspection {
  private let settings: Settings
  private let owner: Owner

  /// The addresses of `prevResult`: those of other plugins are among them.
  private let given: [IPAddress]

  init(
    _ config: NetworkConfig, _ attachment: Invocation.Attachment, _ argumentText: String
  ) throws(PluginError) {
    guard config.version.hasCheck else {
      throw PluginError(
        .incompatibleVersion, "config version does not allow CHECK",
        details: "config is \(config.version.rawValue), CHECK came with 0.4.0")
    }
    settings = try Settings(config)
    owner = Owner(
      attachment, network: config.name, pool: settings.pool,
      arguments: Arguments(lenient: argumentText))
    given = try Self.addresses(config)
  }

  private static func addresses(_ config: NetworkConfig) throws(PluginError) -> [IPAddress] {
    guard let result = try config.root.object("prevResult") else {
      throw PluginError(.invalidConfig, "prevResult is missing", details: "CHECK is about it")
    }
    var addresses: [IPAddress] = []
    for json in try result.list("ips") ?? [] {
      guard let text = json.find("address")?.string,
        let address = RequestedAddresses.address(text)
      else { throw result.wrong("ips", "holds an entry without an address") }
      addresses.append(address)
    }
    return addresses
  }

  func run() throws(PluginError) {
    var ledger = LedgerConnection(to: settings.address, within: settings.timeLimit)
    let held = try held(&ledger)
    for address in held where !given.contains(address) {
      throw PluginError(
        .notHeld, "\(address) is reserved, but prevResult does not have it", details: name)
    }
    for address in given where !held.contains(address) {
      let answer = try ledger.call("ip.get", ["ip": .string(address.description)])
      // Another plugin's addresses are in none of the ledger's ranges.
      if answer["state"]?.string == "outOfRange" { continue }
      throw PluginError(.notHeld, "\(address) is not reserved any more", details: name)
    }
  }

  private var name: String {
    "container \(owner.attachment.containerID), interface \(owner.attachment.interface)"
  }

  private func held(_ ledger: inout LedgerConnection) throws(PluginError) -> [IPAddress] {
    do throws(PluginError) {
      let pod = try ledger.call("pod.get", .object(owner.members))
      return (pod["podIPs"]?.strings ?? []).compactMap { IPAddress($0) }
    } catch {
      guard error.code == .notFound else { throw error }
      throw PluginError(.notHeld, "nothing is reserved for \(name)")
    }
  }
}
