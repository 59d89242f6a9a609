internal import Addressing
internal import IPLedgerClient

/// ADD: reserves an address of each family, or nothing.
struct Addition {
  private let config: NetworkConfig
  private let settings: Settings
  private let owner: Owner
  private let node: String
  private let request: JSON
  private let requested: [IPAddress]
  private let sets: [RangeSet]
  private let routes: [Route]
  private let resolver: ResolverSettings

  /// Reads all of the configuration before anything is asked.
  init(
    _ config: NetworkConfig, _ attachment: Invocation.Attachment, _ argumentText: String
  ) throws(PluginError) {
    let arguments = try Arguments(argumentText)
    settings = try Settings(config)
    node = try settings.nodeName
    requested = try RequestedAddresses(config, arguments).addresses
    sets = try RangeSet.sets(of: config)
    routes = try Route.routes(of: config)
    resolver = try Self.resolver(config)
    owner = Owner(
      attachment, network: config.name, pool: settings.pool, arguments: arguments)
    self.config = config
    request = try Self.request(owner, node, arguments, config.name, sets, requested)
  }

  private static func resolver(_ config: NetworkConfig) throws(PluginError) -> ResolverSettings {
    guard let path = try config.ipam.text("resolvConf") else { return ResolverSettings() }
    return ResolverSettings(file: try OperatingSystem.file(path))
  }

  /// The params of `pod.reserve` without the static addresses.
  private static func request(
    _ owner: Owner, _ node: String, _ arguments: Arguments, _ network: String,
    _ sets: [RangeSet], _ requested: [IPAddress]
  ) throws(PluginError) -> JSON {
    var members = [JSON.Member("node", .string(node))] + owner.members
    if owner.isPodNamed, let uid = arguments.podUID {
      members.append(JSON.Member("uid", .string(uid)))
    }
    if !sets.isEmpty {
      let families = sets.map { JSON.string($0.family.name) }
      members.append(JSON.Member("ipFamilies", .array(families)))
      for address in requested where !sets.contains(where: { $0.contains(address) }) {
        throw PluginError(
          .invalidConfig, "failed to allocate all requested IPs: \(address)",
          details: "it is in none of \(sets.map(\.description).joined(separator: ", "))")
      }
    }
    var labels = [JSON.Member(Owner.networkLabel, .string(network))]
    if !owner.isPodNamed, let pod = arguments.podName {
      labels.append(JSON.Member(Owner.podLabel, .string(pod)))
    }
    members.append(JSON.Member("labels", .object(labels)))
    return .object(members)
  }

  /// Reserves, and hands the result to `deliver`; what nobody takes is given back.
  func run(deliver: ([UInt8]) -> Bool) throws(PluginError) {
    var ledger = LedgerConnection(to: settings.address, within: settings.timeLimit)
    let answer = try reserve(&ledger)
    do throws(PluginError) {
      guard var result = AddResult(answer: answer) else {
        throw PluginError(.refused, "ipledger's answer holds no addresses", details: answer.text)
      }
      try check(result)
      result.routes = routes
      result.resolver = resolver
      guard deliver(result.document(config.version)) else {
        throw PluginError(.ioFailure, "stdout cannot be written")
      }
    } catch {
      giveBack(answer, &ledger)
      throw error
    }
  }

  /// What is held by the configuration's ranges must lie in them.
  private func check(_ result: AddResult) throws(PluginError) {
    guard !sets.isEmpty else { return }
    for address in result.addresses {
      guard let set = sets.first(where: { $0.family == address.ip.family }) else { continue }
      guard !set.contains(address.ip) else { continue }
      throw PluginError(
        .invalidConfig, "ipam's ranges and ipledger's disagree about \(node)",
        details: "\(address.ip) is not in \(set.description)")
    }
  }

  /// Releases what this call has reserved, and nothing that was there before.
  private func giveBack(_ answer: JSON, _ ledger: inout LedgerConnection) {
    guard answer["existing"]?.bool == false, let revision = answer["revision"] else { return }
    let fence = [JSON.Member("ifRevision", revision)]
    do throws(PluginError) {
      _ = try ledger.call("pod.release", .object(owner.members + fence))
    } catch {
      OperatingSystem.writeLog("ipledger-cni: what was reserved stays so: \(error.message)")
    }
  }
}

extension Addition {
  private func reserve(_ ledger: inout LedgerConnection) throws(PluginError) -> JSON {
    let params = request.with(requested)
    do throws(ClientError) {
      return try ledger.ask("pod.reserve", params)
    } catch .refused(let refusal) {
      if refusal.reason == "NotFound", settings.registersNode,
        refusal.causes.contains(where: { $0.field == "node" })
      {
        try register(&ledger)
        return try ledger.call("pod.reserve", params)
      }
      if refusal.reason == "Conflict", let held = try heldAnswer(&ledger) { return held }
      throw PluginError(.refused(refusal))
    } catch {
      throw PluginError(error)
    }
  }

  /// The ADD of an attachment that holds addresses, with another request than the first.
  ///
  /// When it asks for nothing else than what is held, it gets that: the daemon knows which of the
  /// addresses were asked for in the first place, and says so by what it takes as the same request.
  private func heldAnswer(_ ledger: inout LedgerConnection) throws(PluginError) -> JSON? {
    guard let pod = try? ledger.call("pod.get", .object(owner.members)) else { return nil }
    let held = (pod["podIPs"]?.strings ?? []).compactMap { IPAddress($0) }
    guard requested.allSatisfy(held.contains) else { return nil }
    for addresses in [[], held] + held.map({ [$0] }) where addresses != requested {
      if let answer = try? ledger.call("pod.reserve", request.with(addresses)),
        answer["existing"]?.bool == true
      {
        return answer
      }
    }
    return nil
  }

  /// Two attachments may do it at once: it is idempotent.
  ///
  /// A daemon without cluster CIDRs has to be told the node's: the configuration's subnets are.
  private func register(_ ledger: inout LedgerConnection) throws(PluginError) {
    do throws(ClientError) {
      _ = try ledger.ask("node.register", ["name": .string(node)])
    } catch .refused(let refusal) where refusal.asks(for: "podCIDRs") && !sets.isEmpty {
      let blocks = sets.flatMap(\.ranges).map { JSON.string($0.subnet.description) }
      _ = try ledger.call("node.register", ["name": .string(node), "podCIDRs": .array(blocks)])
    } catch {
      throw PluginError(error)
    }
  }
}

extension ServerError {
  /// Whether the request lacks this field.
  fileprivate func asks(for field: String) -> Bool {
    causes.contains { $0.field == field && $0.reason == "Required" }
  }
}

extension Settings {
  /// The node that the configuration names, or else the host.
  var nodeName: String {
    get throws(PluginError) {
      if let node { return node }
      guard let name = OperatingSystem.hostName else {
        throw PluginError(
          .invalidConfig, "ipam.node is missing", details: "and the host has no name")
      }
      return name
    }
  }
}

extension JSON {
  /// The request with static addresses.
  fileprivate func with(_ addresses: [IPAddress]) -> JSON {
    guard !addresses.isEmpty, case .object(let members) = self else { return self }
    let ips = addresses.map { JSON.string($0.description) }
    return .object(members + [Member("ips", .array(ips))])
  }
}
