extension AllocationEngine {
  /// Releases a node's blocks; `.answered` when it is not registered.
  ///
  /// - Parameter force: releases the pods that hold addresses there in the same batch, before the
  /// node.
  package func releaseNode(
    name: String, force: Bool, ifRevision: UInt64?, actor: String, into batch: inout ChangeBatch,
    waiter: any Waiter
  ) throws(Refusal) -> Decision<UInt64> {
    let key = Array(name.utf8)
    let keyHash = hash(key.span)
    let shard = nodes.shard(of: keyHash)
    let mark = try nodes.withShard(shard) {
      (state: inout ObjectShard) throws(Refusal) -> NodeMark in
      guard let index = state.find(key.span, hash: keyHash) else { return .gone }
      let entry = state[index]
      guard !entry.isInFlight, let node = directory[key.span] else { return .inFlight }
      if let ifRevision, ifRevision != entry.generation {
        throw .conflict(
          message: "ifRevision is \(ifRevision), but the node is \(entry.generation)",
          revision: entry.generation, owner: .node(name: name))
      }
      try admit()
      inFlight.began()
      state.setPhase(index, .changing)
      return .marked(ObjectHandle(kind: .node, shard: shard, index: index), entry, node)
    }
    switch mark {
    case .gone: return .answered(revision)
    case .inFlight: return wait(waiter)
    case .marked(let handle, let entry, let node):
      return try release(
        node, handle, entry, force: force, actor: actor, into: &batch, waiter: waiter)
    }
  }

  private enum NodeMark {
    case gone
    case inFlight
    case marked(ObjectHandle, Entry, NodeRuntime)
  }

  /// Closes the node, so that nobody gets an address there any more, and looks who has one.
  private func release(
    _ node: NodeRuntime, _ handle: ObjectHandle, _ entry: Entry, force: Bool, actor: String,
    into batch: inout ChangeBatch, waiter: any Waiter
  ) throws(Refusal) -> Decision<UInt64> {
    node.close()
    var marked: [MarkedPod] = []
    if node.isInUse {
      guard force else {
        let heldCount = node.heldCount
        reopen(node, handle)
        // Those who are about to hold addresses may fail.
        if heldCount == 0 { return wait(waiter) }
        throw .conflict(
          message: """
            pods hold \(heldCount) addresses in the node's pod CIDRs: release them first, or use \
            force
            """,
          revision: entry.generation, owner: .node(name: NodeObject(entry.object).name))
      }
      guard markPods(of: node, &marked) else {
        unmark(marked.map { ($0.handle, $0.former.object) })
        reopen(node, handle)
        return wait(waiter)
      }
    }
    for pod in marked {
      batch.append(
        Change(
          kind: .pod, type: .released, object: pod.former.object, actor: actor, handle: pod.handle,
          node: node, former: pod.former))
    }
    batch.append(
      Change(
        kind: .node, type: .released, object: entry.object, actor: actor, handle: handle,
        node: node))
    return .recorded
  }

  private func reopen(_ node: NodeRuntime, _ handle: ObjectHandle) {
    node.reopen()
    nodes.withShard(handle.shard) { $0.setPhase(handle.index, .held) }
    inFlight.ended(1)
  }

  /// Marks every pod of the node; false when one of them is in flight.
  private func markPods(
    of node: NodeRuntime, _ marked: inout [MarkedPod]
  ) -> Bool {
    for shard in 0..<ObjectHandle.shardCount {
      let found: [MarkedPod]? = pods.withShard(shard) { state in
        let places = state.places { PodObject($0).isOn(node) }
        guard places.allSatisfy({ !state[$0].isInFlight }) else { return nil }
        return places.map { index in
          inFlight.began()
          state.setPhase(index, .changing)
          return MarkedPod(
            handle: ObjectHandle(kind: .pod, shard: shard, index: index),
            former: VisibleObject(state[index]))
        }
      }
      guard let found else { return false }
      marked += found
    }
    marked.sort { $0.former.object.precedes($1.former.object) }
    return true
  }
}

/// A pod that goes with its node.
struct MarkedPod {
  let handle: ObjectHandle
  let former: VisibleObject
}

extension PodObject {
  func isOn(_ node: NodeRuntime) -> Bool {
    let name = node.name
    return isOn(name.span)
  }

  /// Whether its addresses belong to the node of this name.
  package func isOn(_ node: Span<UInt8>) -> Bool {
    packed.bytes.span.extracting(core().node).equals(node)
  }
}
