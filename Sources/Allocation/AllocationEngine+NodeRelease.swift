import AddressBitmap
import Addressing

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
      guard let index = find(.node, key.span, keyHash, shard, in: state, batch) else {
        return .gone
      }
      let handle = ObjectHandle(kind: .node, shard: shard, index: index)
      guard case .held(let entry) = batch.view(state[index], at: handle),
        let node = node(key.span, batch)
      else { return .inFlight }
      if let ifRevision, ifRevision != entry.fence {
        throw .conflict(
          message: "ifRevision is \(ifRevision), but the node is \(entry.fenceText)",
          revision: entry.fence, owner: .node(name: name))
      }
      try admit()
      _ = self.mark(index, in: &state)
      return .marked(handle, entry, node)
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
      let heldCount = node.heldCount
      if !force, batch.transaction == nil, heldCount > 0 {
        reopen(node, handle, entry, [])
        throw inUse(heldCount, entry)
      }
      // Those who are about to hold addresses may fail.
      guard markPods(of: node, &marked, batch) else {
        reopen(node, handle, entry, marked)
        return wait(waiter)
      }
      guard force || marked.isEmpty else {
        let count = marked.reduce(0) { $0 + PodObject($1.entry.object).addresses.count }
        reopen(node, handle, entry, marked)
        throw inUse(count, entry)
      }
    }
    for pod in marked {
      batch.append(
        Change(
          kind: .pod, type: .released,
          object: pod.object(batch.origin(of: pod.entry, at: pod.handle)),
          actor: actor, handle: pod.handle, formerPhase: pod.phase, node: node,
          former: pod.isKept ? nil : VisibleObject(pod.entry)))
    }
    var object = NodeObject(entry.object)
    object.origin = batch.origin(of: entry, at: handle)
    batch.append(
      Change(
        kind: .node, type: .released, object: object.packed(), actor: actor, handle: handle,
        formerPhase: entry.phase, node: node))
    return .recorded
  }

  private func inUse(_ count: Int, _ entry: Entry) -> Refusal {
    .conflict(
      message: """
        \(count) addresses in the node's pod CIDRs are held by pods, or kept for them: release and \
        forget them before, or use force
        """,
      revision: entry.fence, owner: .node(name: NodeObject(entry.object).name))
  }

  private func reopen(
    _ node: NodeRuntime, _ handle: ObjectHandle, _ entry: Entry, _ marked: [MarkedPod]
  ) {
    unmark(marked.map { ($0.handle, $0.phase) })
    node.reopen()
    nodes.withShard(handle.shard) { $0.setPhase(handle.index, entry.phase) }
    inFlight.ended(1)
  }

  /// Marks every pod of the node, and what is kept there; false when somebody else's change of one
  /// of them is in flight.
  private func markPods(
    of node: NodeRuntime, _ marked: inout [MarkedPod], _ batch: borrowing ChangeBatch
  ) -> Bool {
    let pods = pods(on: node)
    guard pods.areAllKnown else { return false }
    for handle in pods.handles where !batch.hasEnded(handle) {
      let isMarked = self.pods.withShard(handle.shard) { state in
        guard let entry = state.entry(handle.index), PodObject(entry.object).isOn(node) else {
          return true
        }
        switch batch.view(entry, at: handle) {
        case .inFlight: return false
        case .held(let seen):
          let former = mark(handle.index, in: &state)
          marked.append(
            MarkedPod(handle: handle, phase: former.phase, entry: seen, isKept: false))
        case .kept(let seen):
          let former = mark(handle.index, in: &state)
          marked.append(
            MarkedPod(handle: handle, phase: former.phase, entry: seen, isKept: true))
        }
        return true
      }
      guard isMarked else { return false }
    }
    marked.sort { $0.entry.object.precedes($1.entry.object) }
    return true
  }

  /// The entries that have addresses in the node's blocks, in no order.
  ///
  /// It costs what the blocks have used, however many pods there are. Not all are known while
  /// somebody has taken an address and not entered it yet.
  func pods(on node: NodeRuntime) -> (handles: [ObjectHandle], areAllKnown: Bool) {
    var seen: Set<UInt32> = []
    var handles: [ObjectHandle] = []
    var areAllKnown = true
    let now = now()
    for range in node.ranges.array {
      for address in range.takenAddresses {
        let candidates = byAddress.candidates(hash(address)).filter { $0.kind == .pod }
        if candidates.isEmpty, range.state(of: address, now: now) == .held { areAllKnown = false }
        for handle in candidates where seen.insert(handle.number).inserted {
          handles.append(handle)
        }
      }
    }
    return (handles, areAllKnown)
  }
}

/// A pod that goes with its node, or what is kept for one.
private struct MarkedPod {
  let handle: ObjectHandle
  let phase: EntryPhase

  /// As the transaction sees it.
  let entry: Entry

  /// Nobody holds its addresses.
  let isKept: Bool

  /// As its last record has it.
  func object(_ origin: Origin) -> PackedObject {
    let pod = PodObject(entry.object)
    return isKept ? pod.unkept(origin: origin) : pod.with(origin)
  }
}

extension PodObject {
  func isOn(_ node: NodeRuntime) -> Bool { isOn(node, core()) }

  func isOn(_ node: NodeRuntime, _ core: Core) -> Bool {
    let name = node.name
    return packed.bytes.span.extracting(core.node).equals(name.span)
  }

  /// Whether its addresses belong to the node of this name.
  package func isOn(_ node: Span<UInt8>) -> Bool {
    packed.bytes.span.extracting(core().node).equals(node)
  }
}
