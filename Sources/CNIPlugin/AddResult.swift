internal import Addressing
internal import IPLedgerClient

/// What ADD answers.
struct AddResult: Sendable, Hashable {
  struct Address: Sendable, Hashable {
    let ip: IPAddress
    let prefixLength: Int
    let gateway: IPAddress?

    fileprivate var text: JSON { .string("\(ip)/\(prefixLength)") }

    fileprivate var gatewayMember: [JSON.Member] {
      gateway.map { [JSON.Member("gateway", .string($0.description))] } ?? []
    }
  }

  /// One per family; the first is the pod's primary one.
  var addresses: [Address]
  var routes: [Route] = []
  var resolver = ResolverSettings()

  /// The document in the version that the runtime speaks.
  func document(_ version: CNIVersion) -> [UInt8] {
    let members: [JSON.Member]
    switch version.shape {
    case .perFamily: members = perFamily
    case .listWithVersions: members = list(withVersions: true)
    case .list: members = list(withVersions: false)
    }
    // What 0.1.0 answers is called 0.2.0: they have the same result.
    let name = version == .v010 ? CNIVersion.v020 : version
    let all = [JSON.Member("cniVersion", .string(name.rawValue))] + members
    return JSON.object(all).bytes + [UInt8(ascii: "\n")]
  }

  private var perFamily: [JSON.Member] {
    let families = addresses.map { address in
      let own = routes.filter { $0.family == address.ip.family }.map(\.oldJSON)
      let member = own.isEmpty ? [] : [JSON.Member("routes", .array(own))]
      return JSON.Member(
        "ip\(address.ip.family.rawValue)",
        .object([JSON.Member("ip", address.text)] + address.gatewayMember + member))
    }
    return families + [JSON.Member("dns", resolver.json)]
  }

  private func list(withVersions: Bool) -> [JSON.Member] {
    let ips = addresses.map { address in
      let version =
        withVersions
        ? [JSON.Member("version", .string(String(address.ip.family.rawValue)))] : []
      return JSON.object(
        version + [JSON.Member("address", address.text)] + address.gatewayMember)
    }
    var members = [JSON.Member("ips", .array(ips))]
    if !routes.isEmpty { members.append(JSON.Member("routes", .array(routes.map(\.json)))) }
    if withVersions || !resolver.isEmpty { members.append(JSON.Member("dns", resolver.json)) }
    return members
  }
}

extension AddResult {
  /// Reads the answer of `pod.reserve`; nil when it is none.
  init?(answer: JSON) {
    let ips = answer["podIPs"]?.strings ?? []
    let lengths = answer["prefixLengths"]?.array?.compactMap(\.int) ?? []
    let gateways = (answer["gateways"]?.strings ?? []).compactMap { IPAddress($0) }
    guard !ips.isEmpty, ips.count == lengths.count else { return nil }
    var addresses: [Address] = []
    for (text, length) in zip(ips, lengths) {
      guard let ip = IPAddress(text) else { return nil }
      addresses.append(
        Address(
          ip: ip, prefixLength: Int(length),
          gateway: gateways.first { $0.family == ip.family }))
    }
    self.init(addresses: addresses)
  }
}
