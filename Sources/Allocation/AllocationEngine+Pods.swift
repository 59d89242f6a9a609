import AddressBitmap
import Addressing

/// What a pod has, for the answer to its reserve.
package struct PodAnswer: Sendable {
  package let addresses: FamilyPair<PodObject.Address>

  /// Whose ranges they are of: the node, or a pool.
  package let source: NodeRuntime

  /// The pod's node, where it is not the source.
  package let node: [UInt8]?

  /// Whether the owner held them already.
  package let isExisting: Bool

  /// The reservation's generation.
  package let revision: UInt64
}

extension AllocationEngine {
  /// Reserves one address per family for a pod, or finds those that it has.
  ///
  /// It throws `outOfScope` for a draft that has to keep to its node and would end what is kept for
  /// its owner on another.
  package func reservePod(
    _ draft: borrowing PodDraft, actor: String, into batch: inout ChangeBatch, waiter: any Waiter
  ) throws(Refusal) -> Decision<PodAnswer> {
    guard let node = node(draft.node.span, batch) else {
      return try missingNode(draft.node.span, batch, waiter)
    }
    let source = try source(draft, node)
    try check(draft, against: source)
    do throws(PodClaimFailure) {
      let decision = try decide(draft, source, actor, &batch)
      if case .wait = decision { inFlight.wait(waiter) }
      return decision
    } catch {
      switch error {
      case .refused(let refusal): throw refusal
      case .closed: return wait(waiter)
      case .taken(let address, let field):
        return try resolveTaken(address, field, source, batch, waiter)
      case .inFlight: return wait(waiter)
      }
    }
  }

  /// Looks the owner up and claims, under the lock of the owner's shard.
  private func decide(
    _ draft: borrowing PodDraft, _ source: NodeRuntime, _ actor: String, _ batch: inout ChangeBatch
  ) throws(PodClaimFailure) -> Decision<PodAnswer> {
    let nameHash = hash(draft.key.span.extracting(draft.nameRange))
    let keyHash = hash(draft.key.span)
    let shard = pods.shard(of: nameHash)
    var entered: (handle: ObjectHandle, addresses: FamilyPair<PodObject.Address>)?
    let decision = try pods.withShard(shard) {
      (state: inout ObjectShard) throws(PodClaimFailure) -> Decision<PodAnswer> in
      do throws(Refusal) {
        if let index = find(.pod, draft.key.span, keyHash, shard, in: state, batch) {
          let handle = ObjectHandle(kind: .pod, shard: shard, index: index)
          switch batch.view(state[index], at: handle) {
          case .inFlight: return .wait
          case .held(let entry):
            return try repeatPod(draft, source, handle, entry, actor, &state, &batch)
          case .kept: break
          }
        }
        if draft.ifRevision != nil {
          throw .conflict(
            message: "ifRevision is given, but nothing is reserved under this key", revision: nil,
            owner: nil)
        }
        try admit()
      } catch {
        throw .refused(error)
      }
      let kept =
        state.keptCount == 0 && batch.transaction == nil
        ? nil : try findKept(draft, nameHash, shard, source, state, batch)
      if draft.keepsToNode, let kept, !PodObject(kept.entry.object).isOn(draft.node.span) {
        throw .refused(.outOfScope)
      }
      var claimed = try claim(draft, source, kept, &batch)
      if let kept { end(kept, takenOver: claimed.addresses, actor, &state, &batch) }
      let object = draft.packed(
        addresses: claimed.addresses, origin: .own, time: time(for: draft))
      inFlight.began()
      let index = state.insert(object, hash: keyHash, nameHash: nameHash, phase: .reserving)
      let handle = ObjectHandle(kind: .pod, shard: shard, index: index)
      entered = (handle, claimed.addresses)
      batch.append(
        Change(
          kind: .pod, type: .reserved, object: object, actor: actor, handle: handle,
          formerPhase: nil, claims: claimed.takeClaims(), node: source))
      return .recorded
    }
    // Behind the lock, so that others wait less for it: an address that is taken and not found yet
    // is waited for as one of a pod in flight.
    if let entered { index(draft, entered.addresses, handle: entered.handle) }
    return decision
  }

  /// Milliseconds since 1970, from which the lease counts that is asked for; 0 when none is.
  private func time(for draft: borrowing PodDraft) -> Int64 {
    draft.ttlSeconds == nil ? 0 : clock.wallMilliseconds()
  }

  /// The answer to a reserve whose record is durable at `revision`.
  ///
  /// - Parameter isRepeat: for a request that only asked again for what the change does.
  package func podAnswer(
    _ change: borrowing Change, revision: UInt64, isRepeat: Bool = false
  ) -> PodAnswer? {
    guard let source = change.node else { return nil }
    let pod = PodObject(change.object)
    let core = pod.core()
    return PodAnswer(
      addresses: core.addresses, source: source, node: pod.isOn(source, core) ? nil : pod.nodeName,
      isExisting: isRepeat || change.type == .updated,
      revision: core.origin.generation(in: revision))
  }

  /// The node may be on its way: then the pod waits for it.
  private func missingNode(
    _ name: Span<UInt8>, _ batch: borrowing ChangeBatch, _ waiter: any Waiter
  ) throws(Refusal) -> Decision<PodAnswer> {
    let hash = hash(name)
    let shard = nodes.shard(of: hash)
    let isKnown = batch.transaction?.node(name) != nil
    let isComing =
      !isKnown
      && nodes.withShard(shard) { state in
        state.find(name, hash: hash).map { state[$0].phase == .reserving } ?? false
      }
    if isComing { return wait(waiter) }
    let text = String(decoding: (0..<name.count).map { name[$0] }, as: UTF8.self)
    throw .notFound(Cause("node", .invalid, "no node \(text) is registered"))
  }

  /// Families that the node lacks (contract, `pod.reserve`).
  private func check(_ draft: borrowing PodDraft, against source: NodeRuntime) throws(Refusal) {
    var causes: [Cause] = []
    for position in 0..<draft.families.count where source.range(draft.families[position]) == nil {
      causes.append(
        Cause(
          "ipFamilies[\(position)]", .invalid,
          "\(source.text) has no \(draft.families[position].name) CIDR"))
    }
    for position in 0..<draft.addresses.count
    where source.range(draft.addresses[position].family) == nil {
      causes.append(
        Cause(
          "ips[\(position)]", .invalid,
          "\(source.text) has no \(draft.addresses[position].family.name) CIDR"))
    }
    guard causes.isEmpty else { throw .invalid(causes) }
  }

  /// The owner key exists: the same request finds what it has, another one is Conflict.
  private func repeatPod(
    _ draft: borrowing PodDraft, _ source: NodeRuntime, _ handle: ObjectHandle, _ entry: Entry,
    _ actor: String, _ state: inout ObjectShard, _ batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<PodAnswer> {
    let pod = PodObject(entry.object)
    let core = pod.core()
    if let wanted = draft.ifRevision, wanted != entry.fence {
      throw conflict("ifRevision is \(wanted), but the reservation is \(entry.fenceText)", entry)
    }
    if let difference = difference(of: draft, from: core, pod, source) {
      throw conflict("the pod is reserved already with another request: \(difference)", entry)
    }
    let own = batch.ownChange(of: handle)
    // A lease is renewed by every repeat, and ended by one that asks for none.
    let isRenewal = draft.ttlSeconds != nil || core.lease != nil
    let isRelabelling = draft.labels.map { $0 != pod.labelBytes(core) } ?? false
    guard isRenewal || isRelabelling else {
      if let own { return .repeats(own) }
      return .answered(
        PodAnswer(
          addresses: core.addresses, source: source,
          node: pod.isOn(source, core) ? nil : pod.nodeName, isExisting: true,
          revision: entry.generation))
    }
    try admit()
    let object = draft.packed(
      addresses: core.addresses,
      origin: batch.origin(of: entry, at: handle),
      time: time(for: draft), former: pod)
    let former = mark(handle.index, in: &state)
    batch.append(
      Change(
        kind: .pod, type: .updated, object: object, actor: actor, handle: handle,
        formerPhase: former.phase, node: source))
    return .recorded
  }

  private func conflict(_ message: String, _ entry: Entry) -> Refusal {
    .conflict(
      message: message, revision: entry.fence, owner: PodObject(entry.object).owner)
  }

  /// What is different from the request that made the reservation; nil when nothing is.
  ///
  /// Labels are not part of it, and an absent uid matches any (contract §3.3).
  private func difference(
    of draft: borrowing PodDraft, from core: PodObject.Core, _ pod: PodObject, _ source: NodeRuntime
  ) -> String? {
    let bytes = pod.packed.bytes.span
    guard bytes.extracting(core.node).equals(draft.node.span) else { return "node" }
    // The same text as another member of the key.
    guard core.flags & PodObject.instanceMask == draft.instance.rawValue else {
      return "containerID"
    }
    if draft.isUIDGiven, let uid = core.uid, !bytes.extracting(uid).equals(draft.uid.span) {
      return "uid"
    }
    if core.isSticky != draft.isSticky { return "sticky" }
    let families = draft.families.isEmpty ? source.families : draft.families
    guard families.count == core.addresses.count else { return "ipFamilies" }
    for position in 0..<families.count {
      let held = core.addresses[position]
      guard held.address.family == families[position] else { return "ipFamilies" }
      guard draft.addresses.of(families[position]) == (held.isStatic ? held.address : nil) else {
        return "ips"
      }
    }
    return nil
  }
}
