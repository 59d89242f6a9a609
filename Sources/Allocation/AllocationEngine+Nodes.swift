package import Addressing

/// A request to register a node; its findings that need no allocation are settled before.
package struct NodeRequest: Sendable {
  package var name: String
  package var nodeIPs: [IPAddress]?
  /// Nil: the cluster's next blocks.
  package var podCIDRs: [CIDR]?
  package var os: String
  package var networkMode: String?
  package var actor: String

  package init(
    name: String, nodeIPs: [IPAddress]?, podCIDRs: [CIDR]?, os: String, networkMode: String?,
    actor: String
  ) {
    self.name = name
    self.nodeIPs = nodeIPs
    self.podCIDRs = podCIDRs
    self.os = os
    self.networkMode = networkMode
    self.actor = actor
  }
}

/// A node as it is, for the answer to its registration.
package struct NodeAnswer: Sendable {
  package let node: NodeObject
  package let isExisting: Bool
  /// The registration's generation.
  package let revision: UInt64
}

extension AllocationEngine {
  /// Gives a node its blocks, or finds those that it has.
  package func registerNode(
    _ request: NodeRequest, into batch: inout ChangeBatch, waiter: any Waiter
  ) throws(Refusal) -> Decision<NodeAnswer> {
    let key = Array(request.name.utf8)
    let keyHash = hash(key.span)
    let shard = nodes.shard(of: keyHash)
    let decision: Decision<NodeAnswer>
    do throws(Refusal) {
      decision = try register(request, key, keyHash, shard, &batch)
    } catch {
      return try resolve(error, batch, waiter)
    }
    if case .wait = decision { inFlight.wait(waiter) }
    return decision
  }

  private func register(
    _ request: NodeRequest, _ key: [UInt8], _ keyHash: UInt32, _ shard: Int,
    _ batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<NodeAnswer> {
    try nodes.withShard(shard) {
      (state: inout ObjectShard) throws(Refusal) -> Decision<NodeAnswer> in
      if let index = find(.node, key.span, keyHash, shard, in: state, batch) {
        let handle = ObjectHandle(kind: .node, shard: shard, index: index)
        return try repeatNode(request, handle, &state, &batch)
      }
      try admit()
      let taken = try takeBlocks(request, key, batch)
      let blocks = taken.map(\.block)
      let object = NodeObject(
        name: request.name, podCIDRs: blocks, nodeIPs: request.nodeIPs ?? [], os: request.os,
        networkMode: request.networkMode, isExplicit: request.podCIDRs != nil, origin: .own)
      let runtime = makeNode(name: key, blocks: blocks)
      inFlight.began()
      let packed = object.packed()
      let index = state.insert(packed, hash: keyHash, nameHash: nil, phase: .reserving)
      batch.append(
        Change(
          kind: .node, type: .reserved, object: packed, actor: request.actor,
          handle: ObjectHandle(kind: .node, shard: shard, index: index), formerPhase: nil,
          node: runtime, registration: NodeRegistration(node: runtime, taken: taken)))
      return .recorded
    }
  }

  /// What somebody is told whom a node's block stands in the way: the node's generation.
  ///
  /// If the node is on its way, in or out, whoever asks waits for that; all other refusals stay as
  /// they are. No lock of a shard may be held.
  func resolve<Answer>(
    _ refusal: Refusal, _ batch: borrowing ChangeBatch, _ waiter: any Waiter
  ) throws(Refusal) -> Decision<Answer> {
    guard case .conflict(let message, nil, .node(let name)?) = refusal else { throw refusal }
    let key = Array(name.utf8)
    let keyHash = hash(key.span)
    let shard = nodes.shard(of: keyHash)
    let found = nodes.withShard(shard) { state -> (revision: UInt64?, isOnItsWay: Bool) in
      guard let index = find(.node, key.span, keyHash, shard, in: state, batch) else {
        return (nil, true)
      }
      let isOwn = batch.ownChange(of: ObjectHandle(kind: .node, shard: shard, index: index)) != nil
      return (state[index].fence, state[index].isInFlight && !isOwn)
    }
    if found.isOnItsWay { return wait(waiter) }
    throw .conflict(message: message, revision: found.revision, owner: .node(name: name))
  }

  /// The answer to a registration whose record is durable at `revision`.
  package func nodeAnswer(
    _ change: borrowing Change, revision: UInt64, isRepeat: Bool = false
  ) -> NodeAnswer {
    let node = NodeObject(change.object)
    return NodeAnswer(
      node: node, isExisting: isRepeat || change.type == .updated,
      revision: node.origin.generation(in: revision))
  }

  private func takeBlocks(
    _ request: NodeRequest, _ key: [UInt8], _ batch: borrowing ChangeBatch
  ) throws(Refusal) -> [TakenBlock] {
    let released = batch.transaction?.releasedBlocks ?? []
    guard let blocks = request.podCIDRs else {
      return try registry.takeNext(for: key, now: now(), released: released)
    }
    return try registry.take(blocks, for: key, released: released)
  }

  private func repeatNode(
    _ request: NodeRequest, _ handle: ObjectHandle, _ state: inout ObjectShard,
    _ batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<NodeAnswer> {
    guard case .held(let entry) = batch.view(state[handle.index], at: handle) else { return .wait }
    var node = NodeObject(entry.object)
    if let difference = difference(of: request, from: node) {
      throw .conflict(
        message: "the node is registered already with another request: \(difference)",
        revision: entry.fence, owner: .node(name: node.name))
    }
    guard let nodeIPs = request.nodeIPs, nodeIPs != node.nodeIPs else {
      if let own = batch.ownChange(of: handle) { return .repeats(own) }
      return .answered(NodeAnswer(node: node, isExisting: true, revision: entry.generation))
    }
    try admit()
    node.nodeIPs = nodeIPs
    node.origin = batch.origin(of: entry, at: handle)
    let former = mark(handle.index, in: &state)
    batch.append(
      Change(
        kind: .node, type: .updated, object: node.packed(), actor: request.actor, handle: handle,
        formerPhase: former.phase))
    return .recorded
  }

  /// What is different from the request that registered the node; node addresses are not part of
  /// it.
  private func difference(of request: NodeRequest, from node: NodeObject) -> String? {
    if let blocks = request.podCIDRs {
      guard node.isExplicit, blocks == node.podCIDRs else { return "podCIDRs" }
    } else if node.isExplicit {
      return "podCIDRs"
    }
    if request.os != node.os { return "os" }
    if request.networkMode != node.networkMode { return "networkMode" }
    return nil
  }
}
