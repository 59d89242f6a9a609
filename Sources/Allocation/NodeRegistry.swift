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

  private let state = Locked(State())
  private let configuration: ClusterConfiguration
  let clusterRanges: [BlockRange]

  init(configuration: ClusterConfiguration) {
    self.configuration = configuration
    clusterRanges = configuration.clusterCIDRs.map {
      BlockRange(
        clusterCIDR: $0, nodePrefixLength: configuration.nodePrefixLength($0.family))
    }
    for range in clusterRanges { occupyServiceRanges(range) }
  }

  /// The next block of every cluster CIDR.
  func takeNext(for node: [UInt8]) throws(Refusal) -> [CIDR] {
    try state.withLock { state throws(Refusal) in
      var blocks: [CIDR] = []
      for range in clusterRanges {
        guard let claim = range.claimNext() else {
          for block in blocks { giveBack(block, &state) }
          throw .exhausted(
            Exhaustion(
              range: range.clusterCIDR, capacity: UInt128(range.capacity),
              reserved: UInt128(range.reserved), quarantined: 0))
        }
        blocks.append(claim.block)
        claim.commit()
      }
      for block in blocks { hold(block, node, &state) }
      return blocks
    }
  }

  /// Exactly these blocks.
  func take(_ blocks: [CIDR], for node: [UInt8]) throws(Refusal) {
    try state.withLock { state throws(Refusal) in
      for (index, block) in blocks.enumerated() {
        if !clusterRanges.isEmpty {
          guard clusterRanges.contains(where: { $0.clusterCIDR.contains(block) }) else {
            throw .outOfRange(
              block.base, field: "podCIDRs[\(index)]",
              message: "\(block) lies in no cluster CIDR",
              ranges: clusterRanges.map(\.clusterCIDR))
          }
        }
        if let holding = state.overlapping(block) {
          let name = String(decoding: holding.node, as: UTF8.self)
          throw .conflict(
            message: "\(block) overlaps \(holding.block) of node \(name)", revision: nil,
            owner: .node(name: name))
        }
        if let range = configuration.serviceRanges.first(where: { $0.overlaps(block) }) {
          throw .conflict(
            message: "\(block) overlaps the Service range \(range)", revision: nil, owner: nil)
        }
      }
      for block in blocks {
        for range in clusterRanges { range.occupy(block) }
        hold(block, node, &state)
      }
    }
  }

  /// Enters what the ledger says at start; answers a block that does not fit the configuration.
  func restore(_ node: NodeObject) -> CIDR? {
    state.withLock { state in
      for block in node.podCIDRs {
        for range in clusterRanges { range.occupy(block) }
        hold(block, node.key, &state)
      }
    }
    return node.podCIDRs.first { !fits($0, isExplicit: node.isExplicit) }
  }

  private func fits(_ block: CIDR, isExplicit: Bool) -> Bool {
    if configuration.serviceRanges.contains(where: { $0.overlaps(block) }) { return false }
    if isExplicit, clusterRanges.isEmpty { return true }
    return clusterRanges.contains { $0.clusterCIDR.contains(block) }
  }

  func giveBack(_ blocks: [CIDR]) {
    state.withLock { state in
      for block in blocks { giveBack(block, &state) }
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
  private func giveBack(_ block: CIDR, _ state: inout State) {
    let position = state.position(block.base)
    if position < state.holdings.count, state.holdings[position].block == block {
      state.holdings.remove(at: position)
    }
    for range in clusterRanges where range.clusterCIDR.family == block.family {
      range.release(block)
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
