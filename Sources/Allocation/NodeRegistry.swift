import AddressBitmap
import Addressing

/// The node blocks that a registration takes, until it is durable or given up.
final class NodeRegistration: Sendable {
  let node: NodeRuntime
  let blocks: [CIDR]

  init(node: NodeRuntime, blocks: [CIDR]) {
    self.node = node
    self.blocks = blocks
  }
}

/// Which node has which block: the cluster CIDRs in node blocks, and every block by address.
///
/// Registrations are rare beside pods: one lock serves, and a block that is taken here and not yet
/// durable is simply given back by its registration.
final class NodeRegistry: Sendable {
  private struct Holding {
    let block: CIDR
    let node: [UInt8]
  }

  private struct State {
    /// Blocks of both families in address order; they never overlap.
    var holdings: [Holding] = []

    /// The cluster CIDRs: the configured ones, then those added since.
    var clusters: [BlockRange]

    /// Ranges for something else, which no block may overlap.
    var others: [CIDR]

    var families: [IPFamily] {
      clusters.map(\.clusterCIDR.family).reduce(into: []) { families, family in
        if !families.contains(family) { families.append(family) }
      }
    }

    /// The place of the first block that ends at or after `address`.
    func position(_ address: IPAddress) -> Int {
      var low = 0
      var high = holdings.count
      while low < high {
        let middle = (low + high) / 2
        if holdings[middle].block.last < address { low = middle + 1 } else { high = middle }
      }
      return low
    }

    func overlapping(_ block: CIDR) -> Holding? {
      let position = position(block.base)
      guard position < holdings.count, holdings[position].block.overlaps(block) else { return nil }
      return holdings[position]
    }
  }

  private let state: Locked<State>
  private let configuration: ClusterConfiguration

  init(configuration: ClusterConfiguration) {
    self.configuration = configuration
    let clusters = configuration.clusterCIDRs.map {
      BlockRange(
        clusterCIDR: $0, nodePrefixLength: configuration.nodePrefixLength($0.family))
    }
    let others =
      configuration.serviceRanges + configuration.pools.flatMap(\.cidrs)
      + configuration.loadBalancerRanges
    state = Locked(State(clusters: clusters, others: others))
    for range in clusters { occupyServiceRanges(range) }
  }

  var clusterRanges: [BlockRange] { state.withLock { $0.clusters } }

  /// The next block of every family: of its first cluster CIDR that has one.
  ///
  /// - Parameter now: monotonic milliseconds.
  func takeNext(for node: [UInt8], now: Int64) throws(Refusal) -> [CIDR] {
    try state.withLock { state throws(Refusal) in
      var blocks: [CIDR] = []
      for family in state.families {
        let ranges = state.clusters.filter { $0.clusterCIDR.family == family }
        guard let block = Self.takeNext(of: ranges, now: now) else {
          for block in blocks { giveBack(block, &state, isTakenBack: true) }
          let range = ranges[0]
          throw .exhausted(
            Exhaustion(
              range: range.clusterCIDR, capacity: UInt128(range.capacity),
              reserved: UInt128(range.reserved), excluded: UInt128(range.excludedCount),
              quarantined: 0, isDraining: ranges.allSatisfy(\.isDraining)))
        }
        blocks.append(block)
      }
      for block in blocks { hold(block, node, &state) }
      return blocks
    }
  }

  private static func takeNext(of ranges: [BlockRange], now: Int64) -> CIDR? {
    for range in ranges {
      guard let claim = range.claimNext(now: now) else { continue }
      let block = claim.block
      claim.commit()
      return block
    }
    return nil
  }

  /// Exactly these blocks.
  func take(_ blocks: [CIDR], for node: [UInt8]) throws(Refusal) {
    try state.withLock { state throws(Refusal) in
      for (index, block) in blocks.enumerated() {
        let clusters = state.clusters
        if !clusters.isEmpty {
          guard let range = clusters.first(where: { $0.clusterCIDR.contains(block) }) else {
            throw .outOfRange(
              block.base, field: "podCIDRs[\(index)]",
              message: "\(block) lies in no cluster CIDR",
              ranges: clusters.map(\.clusterCIDR))
          }
          if range.isDraining || range.isRefused(block) {
            let why = range.isDraining ? "the cluster CIDR is draining" : "it is excluded"
            throw .outOfRange(
              block.base, field: "podCIDRs[\(index)]",
              message: "\(block) is not handed out: \(why)", ranges: [range.clusterCIDR])
          }
        }
        if let holding = state.overlapping(block) {
          let name = String(decoding: holding.node, as: UTF8.self)
          throw .conflict(
            message: "\(block) overlaps \(holding.block) of node \(name)", revision: nil,
            owner: .node(name: name))
        }
        if let range = state.others.first(where: { $0.overlaps(block) }) {
          let isService = configuration.serviceRanges.contains(range)
          throw .conflict(
            message: "\(block) overlaps the \(isService ? "Service " : "")range \(range)",
            revision: nil, owner: nil)
        }
      }
      for block in blocks {
        for range in state.clusters { range.occupy(block) }
        hold(block, node, &state)
      }
    }
  }

  /// Enters what the ledger says at start; answers a block that does not fit the configuration.
  func restore(_ node: NodeObject) -> CIDR? {
    state.withLock { state in
      for block in node.podCIDRs {
        for range in state.clusters { range.occupy(block) }
        hold(block, node.key, &state)
      }
      return node.podCIDRs.first { !Self.fits($0, isExplicit: node.isExplicit, state) }
    }
  }

  private static func fits(_ block: CIDR, isExplicit: Bool, _ state: State) -> Bool {
    if state.others.contains(where: { $0.overlaps(block) }) { return false }
    if isExplicit, state.clusters.isEmpty { return true }
    return state.clusters.contains { $0.clusterCIDR.contains(block) }
  }

  func giveBack(_ blocks: [CIDR]) {
    state.withLock { state in
      for block in blocks { giveBack(block, &state, isTakenBack: false) }
    }
  }

  /// A registration that comes to nothing: the next one gets the blocks that `takeNext` had chosen.
  func takeBack(_ registration: NodeRegistration, isExplicit: Bool) {
    state.withLock { state in
      for block in registration.blocks { giveBack(block, &state, isTakenBack: !isExplicit) }
    }
  }

  /// The node whose block holds the address.
  func node(of address: IPAddress) -> [UInt8]? {
    state.withLock { state in
      let position = state.position(address)
      guard position < state.holdings.count, state.holdings[position].block.contains(address)
      else { return nil }
      return state.holdings[position].node
    }
  }

  /// The node whose block is exactly this one.
  func node(exactly block: CIDR) -> [UInt8]? {
    state.withLock { state in
      state.overlapping(block).flatMap { $0.block == block ? $0.node : nil }
    }
  }

  private func hold(_ block: CIDR, _ node: [UInt8], _ state: inout State) {
    state.holdings.insert(Holding(block: block, node: node), at: state.position(block.base))
  }

  /// A narrow block may share its node-sized block with others: that one is free with the last.
  private func giveBack(_ block: CIDR, _ state: inout State, isTakenBack: Bool) {
    let position = state.position(block.base)
    if position < state.holdings.count, state.holdings[position].block == block {
      state.holdings.remove(at: position)
    }
    for range in state.clusters where range.clusterCIDR.family == block.family {
      if isTakenBack { range.takeBack(block) } else { range.release(block) }
      occupyServiceRanges(range)
      let around = max(0, position - 1)..<min(state.holdings.count, position + 1)
      for neighbour in state.holdings[around] { range.occupy(neighbour.block) }
    }
  }

  private func occupyServiceRanges(_ range: BlockRange) {
    for serviceRange in configuration.serviceRanges
    where serviceRange.overlaps(range.clusterCIDR) {
      range.occupy(serviceRange)
    }
  }
}

/// Ranges that come and go while the daemon runs.
extension NodeRegistry {
  /// The family's node blocks, for a cluster CIDR that is added.
  func makeClusterRange(_ cidr: CIDR) -> BlockRange {
    let range = BlockRange(
      clusterCIDR: cidr, nodePrefixLength: configuration.nodePrefixLength(cidr.family))
    state.withLock { state in
      for holding in state.holdings { range.occupy(holding.block) }
    }
    return range
  }

  func add(_ cluster: BlockRange) { state.withLock { $0.clusters.append(cluster) } }

  /// Takes a cluster CIDR out; throws while a node has a block of it.
  func remove(_ cluster: BlockRange) throws(Refusal) {
    try state.withLock { state throws(Refusal) in
      let users = state.holdings.filter { $0.block.overlaps(cluster.clusterCIDR) }
      if let user = users.first {
        let name = String(decoding: user.node, as: UTF8.self)
        throw .conflict(
          message: """
            \(cluster.clusterCIDR) is in use: \(users.count) node blocks lie in it, \
            \(user.block) of node \(name) among them. Drain the range and release the nodes first
            """,
          revision: nil, owner: .node(name: name))
      }
      state.clusters.removeAll { $0 === cluster }
    }
  }

  /// From now on no node gets a block that overlaps the range; throws when one has it already.
  func keepFree(_ range: CIDR) throws(Refusal) {
    try state.withLock { state throws(Refusal) in
      if let holding = state.overlapping(range) {
        let name = String(decoding: holding.node, as: UTF8.self)
        throw .conflict(
          message: "\(range) overlaps \(holding.block) of node \(name)", revision: nil,
          owner: .node(name: name))
      }
      state.others.append(range)
    }
  }

  /// The range is gone, or comes to nothing.
  func letGo(_ range: CIDR) {
    state.withLock { state in
      if let index = state.others.firstIndex(of: range) { state.others.remove(at: index) }
    }
  }

  /// The nodes with blocks that overlap one of these.
  func nodes(touching blocks: [CIDR]) -> [[UInt8]] {
    state.withLock { state in
      state.holdings.filter { holding in blocks.contains { $0.overlaps(holding.block) } }
        .map(\.node)
    }
  }
}

/// At start, from the ledger.
extension NodeRegistry {
  /// A range that was added; nodes' blocks are held against it as they come.
  func restoreOther(_ range: CIDR) { state.withLock { $0.others.append(range) } }

  /// A cluster CIDR that was removed, which no node has a block of any more.
  func drop(_ cluster: BlockRange) {
    state.withLock { state in state.clusters.removeAll { $0 === cluster } }
  }
}
