import AddressBitmap
import Addressing

/// A block, and the node that has it or is about to.
struct BlockHolding: Sendable, Equatable {
  let block: CIDR
  let node: [UInt8]
}

/// A block that a registration has taken.
struct TakenBlock: Sendable {
  let block: CIDR

  /// The range that chose it, and where its choice stood before; nil: the request named the block.
  let choice: (range: BlockRange, formerNext: UInt128)?
}

/// The node blocks that a registration takes, until it is durable or given up.
final class NodeRegistration: Sendable {
  let node: NodeRuntime
  let taken: [TakenBlock]

  init(node: NodeRuntime, taken: [TakenBlock]) {
    self.node = node
    self.taken = taken
  }
}

/// Which node has which block: the cluster CIDRs in node blocks, and every block by address.
///
/// Registrations are rare beside pods: one lock serves, and a block that is taken here and not yet
/// durable is simply given back by its registration. A node block is taken while a holding or a
/// successor touches it: what a transaction has released stays taken for all others, and only that
/// transaction passes it on.
final class NodeRegistry: Sendable {
  private struct State {
    /// Blocks of both families in address order; they never overlap.
    var holdings: [BlockHolding] = []

    /// Blocks that registrations take over from nodes whose release is part of the same commit, the
    /// oldest first: holdings once that is durable.
    var successors: [BlockHolding] = []

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

    /// A holding or a successor that overlaps the block.
    ///
    /// - Parameter released: what whoever asks has released; of two that are alike, the older one.
    func overlapping(_ block: CIDR, without released: [BlockHolding] = []) -> BlockHolding? {
      var released = released
      func isReleased(_ holding: BlockHolding) -> Bool {
        guard let index = released.firstIndex(of: holding) else { return false }
        released.remove(at: index)
        return true
      }
      var position = position(block.base)
      while position < holdings.count, holdings[position].block.overlaps(block) {
        if !isReleased(holdings[position]) { return holdings[position] }
        position += 1
      }
      return successors.first { $0.block.overlaps(block) && !isReleased($0) }
    }

    mutating func hold(_ holding: BlockHolding) {
      if overlapping(holding.block) == nil { insert(holding) } else { successors.append(holding) }
    }

    mutating func insert(_ holding: BlockHolding) {
      holdings.insert(holding, at: position(holding.block.base))
    }

    mutating func remove(_ block: CIDR) {
      let position = position(block.base)
      guard position < holdings.count, holdings[position].block == block else { return }
      holdings.remove(at: position)
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
  /// - Parameters:
  ///   - now: monotonic milliseconds.
  ///   - released: what the transaction that asks has released, which is free for it.
  func takeNext(
    for node: [UInt8], now: Int64, released: [BlockHolding] = []
  ) throws(Refusal) -> [TakenBlock] {
    try state.withLock { state throws(Refusal) in
      var taken: [TakenBlock] = []
      for family in state.families {
        let ranges = state.clusters.filter { $0.clusterCIDR.family == family }
        guard let block = takeNext(of: ranges, now: now, released, state) else {
          for block in taken.reversed() { takeBack(block, of: node, &state) }
          let range = ranges[0]
          throw .exhausted(
            Exhaustion(
              range: range.clusterCIDR, capacity: UInt128(range.capacity),
              reserved: UInt128(range.reserved), excluded: UInt128(range.excludedCount),
              quarantined: 0, isDraining: ranges.allSatisfy(\.isDraining)))
        }
        taken.append(block)
        state.hold(BlockHolding(block: block.block, node: node))
      }
      return taken
    }
  }

  private func takeNext(
    of ranges: [BlockRange], now: Int64, _ released: [BlockHolding], _ state: State
  ) -> TakenBlock? {
    for range in ranges {
      guard
        let claim = range.claimNext(
          now: now, passedOn: released.map(\.block),
          where: { block in
            state.overlapping(block, without: released) == nil
              && !configuration.serviceRanges.contains { $0.overlaps(block) }
          })
      else { continue }
      let taken = TakenBlock(block: claim.block, choice: (range, claim.formerNext))
      claim.commit()
      return taken
    }
    return nil
  }

  /// Exactly these blocks.
  ///
  /// - Parameter released: what the transaction that asks has released, which is free for it.
  @discardableResult
  func take(
    _ blocks: [CIDR], for node: [UInt8], released: [BlockHolding] = []
  ) throws(Refusal) -> [TakenBlock] {
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
        if let holding = state.overlapping(block, without: released) {
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
        state.hold(BlockHolding(block: block, node: node))
      }
      return blocks.map { TakenBlock(block: $0, choice: nil) }
    }
  }

  /// Enters what the ledger says at start; answers a block that does not fit the configuration.
  func restore(_ node: NodeObject) -> CIDR? {
    state.withLock { state in
      for block in node.podCIDRs {
        for range in state.clusters { range.occupy(block) }
        state.hold(BlockHolding(block: block, node: node.key))
      }
      return node.podCIDRs.first { !Self.fits($0, isExplicit: node.isExplicit, state) }
    }
  }

  private static func fits(_ block: CIDR, isExplicit: Bool, _ state: State) -> Bool {
    if state.others.contains(where: { $0.overlaps(block) }) { return false }
    if isExplicit, state.clusters.isEmpty { return true }
    return state.clusters.contains { $0.clusterCIDR.contains(block) }
  }

  /// A release is durable.
  func giveBack(_ blocks: [CIDR]) {
    state.withLock { state in
      for block in blocks {
        state.remove(block)
        settle(block, state)
      }
    }
  }

  /// A registration is durable: so is the release of those from whom it took blocks over.
  func show(_ registration: NodeRegistration) {
    state.withLock { state in
      for taken in registration.taken {
        let holding = BlockHolding(block: taken.block, node: registration.node.name)
        guard let index = state.successors.firstIndex(of: holding) else { continue }
        state.successors.remove(at: index)
        state.insert(holding)
      }
    }
  }

  /// A registration that comes to nothing: the next one gets the blocks that `takeNext` had chosen.
  func takeBack(_ registration: NodeRegistration) {
    state.withLock { state in
      for block in registration.taken.reversed() {
        takeBack(block, of: registration.node.name, &state)
      }
    }
  }

  private func takeBack(_ taken: TakenBlock, of node: [UInt8], _ state: inout State) {
    let holding = BlockHolding(block: taken.block, node: node)
    if let index = state.successors.lastIndex(of: holding) {
      state.successors.remove(at: index)
    } else {
      state.remove(taken.block)
    }
    settle(taken.block, state)
    guard let choice = taken.choice else { return }
    choice.range.returnChoice(from: taken.block, to: choice.formerNext)
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
      let position = state.position(block.base)
      guard position < state.holdings.count, state.holdings[position].block == block else {
        return nil
      }
      return state.holdings[position].node
    }
  }

  /// The node blocks that the block touches are free, unless others touch them too: a narrow block
  /// may share its node-sized one, and one that is passed on has its successor.
  private func settle(_ block: CIDR, _ state: State) {
    let position = max(0, state.position(block.base) - 1)
    for range in state.clusters where range.clusterCIDR.family == block.family {
      range.release(block)
      occupyServiceRanges(range)
      for neighbour in state.holdings[position...] {
        range.occupy(neighbour.block)
        if neighbour.block.base > block.last { break }
      }
      for successor in state.successors { range.occupy(successor.block) }
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
      for holding in state.holdings + state.successors { range.occupy(holding.block) }
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
