internal import Addressing

/// Addresses that somebody asked for: by `CNI_ARGS`, `args.cni.ips` and `runtimeConfig.ips`.
///
/// All three are merged. A prefix length behind an address is ignored: the subnet's counts.
struct RequestedAddresses: Sendable, Hashable {
  /// At most one per family.
  private(set) var addresses: [IPAddress] = []

  init(_ config: NetworkConfig, _ arguments: Arguments) throws(PluginError) {
    for text in arguments.addresses {
      guard let address = Self.address(text) else {
        throw PluginError(.invalidEnvironment, "CNI_ARGS: IP='\(text)' is no IP address")
      }
      try add(address)
    }
    try add(config.root.object("args")?.object("cni"))
    try add(config.root.object("runtimeConfig"))
  }

  private mutating func add(_ place: ConfigObject?) throws(PluginError) {
    guard let place else { return }
    for text in try place.strings("ips") {
      guard let address = Self.address(text) else {
        throw place.wrong("ips", "holds '\(text)', which is no IP address")
      }
      try add(address)
    }
  }

  private mutating func add(_ address: IPAddress) throws(PluginError) {
    if addresses.contains(address) { return }
    guard !addresses.contains(where: { $0.family == address.family }) else {
      let all = (addresses + [address]).map(\.description).joined(separator: ", ")
      throw PluginError(
        .invalidConfig, "failed to allocate all requested IPs: \(all)",
        details: "an attachment gets one \(address.family.name) address")
    }
    addresses.append(address)
  }

  /// Reads an address with or without a prefix length; IPv4-mapped IPv6 is IPv4.
  static func address(_ text: String) -> IPAddress? {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first else { return nil }
    let address: IPAddress?
    if first.lowercased().hasPrefix("::ffff:"), first.contains(".") {
      address = IPAddress(String(first.dropFirst("::ffff:".count)))
    } else {
      address = IPAddress(String(first))
    }
    guard let address else { return nil }
    if parts.count == 2 {
      guard let length = Int(parts[1]), (0...128).contains(length) else { return nil }
    }
    return address
  }
}
