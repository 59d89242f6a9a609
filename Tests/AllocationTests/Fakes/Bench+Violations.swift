import AddressBitmap
import Addressing

@testable import Allocation

extension Bench {
  /// What contradicts itself in an engine in which nothing is in flight.
  var violations: [String] {
    var found: [String] = []
    if engine.changesInFlight != 0 { found.append("\(engine.changesInFlight) in flight") }
    var timed = 0
    let ranges = engine.directory.all.flatMap(\.ranges.array) + engine.serviceRanges
    for range in ranges {
      let taken = range.takenAddresses.filter {
        range.state(of: $0, now: engine.now()) == .held
      }
      if taken.count != range.heldCount || taken.count != range.reservedCount {
        found.append(
          "\(range.cidr): \(taken.count) bits, \(range.heldCount) held, \(range.reservedCount)")
      }
      for address in taken {
        let entries = engine.entries(of: address)
        if entries.count != 1 { found.append("\(address) has \(entries.count) owners") }
        if entries.contains(where: { $0.entry.isInFlight }) { found.append("\(address) in flight") }
        guard case .reserved = engine.standing(of: address).standing else {
          found.append("\(address) is taken, and \(engine.standing(of: address).standing)")
          continue
        }
      }
    }
    for shard in 0..<ObjectHandle.shardCount {
      let entries: [Entry] = engine.pods.withShard(shard) { state in
        state.places { _ in true }.map { state[$0] }
      }
      for entry in entries {
        let pod = PodObject(entry.object)
        if pod.lease != nil || entry.isKept && engine.configuration.stickySeconds > 0 { timed += 1 }
        if entry.isKept != pod.isKept { found.append("\(pod.owner) is \(entry.phase)") }
        found += violations(of: entry, pod)
      }
    }
    found += blockViolations
    if timed != engine.leases.count { found.append("\(timed) end, \(engine.leases.count) known") }
    return found
  }

  private func violations(of entry: Entry, _ pod: PodObject) -> [String] {
    var found: [String] = []
    for address in pod.addresses.array.map(\.address) {
      let range = engine.directory[pod.nodeName.span]?.range(address.family)
      if range?.state(of: address, now: engine.now()) != .held {
        found.append("\(address) of \(pod.owner) is \(String(describing: range))")
      }
    }
    if let containerID = pod.containerID {
      let hash = engine.hash(pod.nodeName.span, Array(containerID.utf8).span)
      let known = engine.byContainer.candidates(hash).filter { handle in
        engine.pods.withShard(handle.shard) { $0.entry(handle.index)?.object == entry.object }
      }
      if known.count != 1 { found.append("\(pod.owner) is known \(known.count) times") }
    }
    return found
  }

  /// Node blocks that are taken, or known, and nobody's, or the other way round.
  private var blockViolations: [String] {
    let held = engine.list(.node, after: nil, limit: 1000).objects.flatMap { found in
      NodeObject(found.object).podCIDRs.map { (name: NodeObject(found.object).key, block: $0) }
    }
    var found = held.compactMap { name, block in
      engine.registry.node(exactly: block) == name ? nil : "\(block) is not its node's"
    }
    for range in engine.registry.clusterRanges {
      let services = engine.configuration.serviceRanges
      let taken = (0..<UInt128(range.capacity)).count { index in
        let base = range.clusterCIDR.address(
          at: index << UInt128(range.clusterCIDR.family.bitWidth - range.nodePrefixLength))
        guard let block = CIDR(base: base, prefixLength: range.nodePrefixLength) else {
          return false
        }
        return held.contains { $0.block.overlaps(block) }
          || services.contains { $0.overlaps(block) }
      }
      if taken != range.reserved {
        found.append("\(range.clusterCIDR): \(taken) held, \(range.reserved) taken")
      }
    }
    if engine.directory.all.count != engine.objectCounts.nodes { found.append("nodes differ") }
    return found
  }

  /// What automatic choice would take next, node by node, and the next node.
  func nextChoices() -> [String] {
    // The claims are dropped, and leave nothing.
    let addresses = engine.directory.all.flatMap(\.ranges.array).map { range in
      "\(range.cidr): \(range.claimAutomatic(now: engine.now())?.address.description ?? "none")"
    }
    let blocks = engine.registry.clusterRanges.map { range in
      "\(range.clusterCIDR): \(range.claimNext(now: engine.now())?.block.description ?? "none")"
    }
    return addresses.sorted() + blocks
  }
}
