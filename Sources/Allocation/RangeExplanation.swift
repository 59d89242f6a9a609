package import AddressBitmap
package import Addressing

/// Why a range has, or has not, anything to hand out.
package struct RangeExplanation: Sendable {
  /// Who has much of it.
  package struct Owner: Sendable, Equatable {
    /// A namespace, or for a cluster CIDR a node.
    package let name: String
    package let count: Int
  }

  /// The address that was released longest ago and rests; times in milliseconds since 1970.
  package struct Rest: Sendable, Equatable {
    package let address: IPAddress
    package let since: Int64
    package let freeAt: Int64
  }

  package let status: RangeStatus
  package internal(set) var largestFreeRun: FreeRun?

  /// The biggest ones, the first of them first.
  package internal(set) var owners: [Owner] = []

  /// Owners were counted by a part of the addresses.
  package internal(set) var isSampled = false

  /// Addresses that are kept for owners who do not hold them.
  package internal(set) var kept = 0
  package internal(set) var oldestRest: Rest?
  package internal(set) var pace: UsePace?

  /// What would free space, for a person.
  package internal(set) var remedies: [String] = []

  init(_ status: RangeStatus) { self.status = status }
}

extension AllocationEngine {
  /// Addresses that are looked at for their owners: what some milliseconds allow.
  private static let mostSamples = 16_384
  private static let mostOwners = 10

  package func explain(_ status: RangeStatus) -> RangeExplanation {
    var explanation = RangeExplanation(status)
    switch status.subject {
    case .service(let range), .loadBalancer(let range), .pool(let range), .node(let range, _):
      explain(range, &explanation)
    case .cluster(let range):
      explain(range, &explanation)
    }
    addRemedies(&explanation)
    return explanation
  }

  private func explain(_ range: AddressRange, _ explanation: inout RangeExplanation) {
    let now = now()
    explanation.largestFreeRun = range.largestFreeRun
    explanation.pace = range.pace(now: now)
    if let rest = range.oldestRest {
      let since = clock.wallMilliseconds() - max(0, now - rest.since)
      explanation.oldestRest = .init(
        address: rest.address, since: since,
        freeAt: since + Int64(configuration.quarantineSeconds) * 1000)
    }
    let (addresses, step) = range.takenSample(atMost: Self.mostSamples)
    var counts: [String: Int] = [:]
    for address in addresses {
      guard let (handle, entry) = entry(of: address), let kind = handle.kind else { continue }
      if entry.isKept { explanation.kept += step }
      switch ownerName(entry.object, kind) {
      case .pod(let namespace, _, _, _, _), .service(let namespace, _):
        counts[namespace, default: 0] += step
      case .node, .range: continue
      }
    }
    explanation.isSampled = step > 1
    explanation.owners = Self.biggest(counts)
  }

  private func explain(_ range: BlockRange, _ explanation: inout RangeExplanation) {
    explanation.pace = range.pace(now: now())
    var counts: [String: Int] = [:]
    for name in registry.nodes(touching: [range.clusterCIDR]) {
      counts[String(decoding: name, as: UTF8.self), default: 0] += 1
    }
    explanation.owners = Self.biggest(counts)
    let idle = registry.nodes(touching: [range.clusterCIDR])
      .compactMap { directory[$0.span] }.count { !$0.isInUse }
    if idle > 0 {
      explanation.remedies.append(
        "\(idle) nodes hold no pods: node.release gives back their blocks")
    }
  }

  private static func biggest(_ counts: [String: Int]) -> [RangeExplanation.Owner] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(mostOwners)
      .map { RangeExplanation.Owner(name: $0.key, count: $0.value) }
  }

  private func addRemedies(_ explanation: inout RangeExplanation) {
    let status = explanation.status
    let unit = if case .cluster = status.subject { "node blocks" } else { "addresses" }
    if status.isDraining {
      explanation.remedies.insert(
        "it is draining: range.add with the same name, purpose and cidr takes it back into use",
        at: 0)
    }
    if status.excluded > 0 {
      explanation.remedies.append("range.include gives back \(status.excluded) excluded \(unit)")
    }
    if status.quarantined > 0 {
      let end =
        configuration.isQuarantineStrict
        ? "are free after their rest" : "rest: they are taken when nothing else is free"
      explanation.remedies.append("\(status.quarantined) released addresses \(end)")
    }
    if explanation.kept > 0 {
      explanation.remedies.append(
        "pod.forget frees what is kept for sticky pods: \(explanation.kept) addresses")
    }
    if status.free == 0, let owner = explanation.owners.first {
      explanation.remedies.append("the biggest owner, \(owner.name), has \(owner.count)")
    }
  }

  /// The ranges that a pod's addresses come from: its node's, or its pool's; none that is unknown.
  package func sourceRanges(of draft: borrowing PodDraft) -> [RangeStatus] {
    let network = PodKey.network(draft.key.span)
    let now = now()
    if !PodKey.isDefault(network) {
      guard let pool = pool(named: network) else { return [] }
      return pool.ranges.array.compactMap { range(of: $0.cidr)?.range }
    }
    guard let node = directory[draft.node.span] else { return [] }
    return node.ranges.array.map { range in
      RangeStatus(.node(range, name: node.name), name: "\(range.cidr)", now: now)
    }
  }
}
