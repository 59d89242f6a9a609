import AddressBitmap
import Addressing

/// What is kept for a sticky owner who has released it.
///
/// An object, as there hardly ever is one, and all that pass it on would copy it.
final class KeptPod: Sendable {
  let handle: ObjectHandle
  let entry: Entry
  let core: PodObject.Core

  init(handle: ObjectHandle, entry: Entry, core: PodObject.Core) {
    self.handle = handle
    self.entry = entry
    self.core = core
  }

  func has(_ address: IPAddress) -> Bool {
    core.addresses.contains { $0.address == address }
  }

  func address(in range: AddressRange) -> IPAddress? {
    core.addresses.firstElement { range.cidr.contains($0.address) }?.address
  }
}

extension AllocationEngine {
  /// What is kept under the network, namespace, name and interface of a request, in the ranges that
  /// it is about; of several the one that was released last.
  ///
  /// What is kept under the very key of the request counts wherever it lies: a key has one object.
  func findKept(
    _ draft: borrowing PodDraft, _ nameHash: UInt32, _ shard: Int, _ node: NodeRuntime,
    _ state: borrowing ObjectShard, _ batch: borrowing ChangeBatch
  ) throws(PodClaimFailure) -> KeptPod? {
    let identity = PodIdentity(draft.key.span)
    var found: KeptPod?
    for index in state.sameName(nameHash) {
      let handle = ObjectHandle(kind: .pod, shard: shard, index: index)
      guard state[index].isKept || batch.ownChange(of: handle) != nil, !batch.hasEnded(handle)
      else { continue }
      let object = state[index].object
      guard PodIdentity(object.bytes.span.extracting(object.keyRange)) == identity else { continue }
      switch batch.view(state[index], at: handle) {
      case .held: continue
      case .inFlight: throw .inFlight
      case .kept(let entry):
        let kept = KeptPod(handle: handle, entry: entry, core: PodObject(entry.object).core())
        if entry.object.hasKey(draft.key.span) { return kept }
        guard node.ranges.contains(where: { kept.address(in: $0) != nil }) else { continue }
        if let found, (found.core.keptAt ?? 0) > (kept.core.keptAt ?? 0) { continue }
        found = kept
      }
    }
    return found
  }

  /// Ends what is kept, as its owner reserves again: what that takes over stays taken.
  func end(
    _ kept: KeptPod, takenOver: FamilyPair<PodObject.Address>, _ actor: String,
    _ state: inout ObjectShard, _ batch: inout ChangeBatch
  ) {
    let former = mark(kept.handle.index, in: &state)
    let object = PodObject(kept.entry.object)
    batch.append(
      Change(
        kind: .pod, type: .released,
        object: object.unkept(origin: batch.origin(of: kept.entry, at: kept.handle)), actor: actor,
        handle: kept.handle, formerPhase: former.phase, node: runtime(of: object, batch),
        passedOn: takenOver.array.map(\.address).filter(kept.has)))
  }

  /// The registered node, as the transaction sees it.
  func node(_ name: Span<UInt8>, _ batch: borrowing ChangeBatch) -> NodeRuntime? {
    if let known = batch.transaction?.node(name) { return known }
    return directory[name]
  }

  /// The entry of a key that no earlier operation of the transaction has ended.
  func find(
    _ kind: ObjectKind, _ key: Span<UInt8>, _ keyHash: UInt32, _ shard: Int,
    in state: borrowing ObjectShard, _ batch: borrowing ChangeBatch
  ) -> UInt32? {
    guard batch.transaction != nil else { return state.find(key, hash: keyHash) }
    return state.find(key, hash: keyHash) { index in
      !batch.hasEnded(ObjectHandle(kind: kind, shard: shard, index: index))
    }
  }

  /// Marks an entry whose record goes into a batch; answers it as it was.
  func mark(_ index: UInt32, in state: inout ObjectShard) -> Entry {
    let entry = state[index]
    inFlight.began()
    switch entry.phase {
    case .held: state.setPhase(index, .changing)
    case .kept: state.setPhase(index, .keptChanging)
    // An earlier operation of the same transaction has marked it.
    case .reserving, .changing, .keptChanging: break
    case .vacant, .departed: preconditionFailure("only what is there is changed")
    }
    return entry
  }
}

/// What a pod's reservations share whichever container they were made for: network, namespace, name
/// and interface.
private struct PodIdentity: Equatable {
  private let bytes: [UInt8]

  /// The members of an owner key stand between NULs, the container's fourth.
  init(_ key: Span<UInt8>) {
    var bytes: [UInt8] = []
    var member = 0
    for index in key.indices {
      if member != 3 { bytes.append(key[index]) }
      if key[index] == 0 { member += 1 }
    }
    self.bytes = bytes
  }
}

extension AllocationEngine {
  /// Ends what is kept for a pod, on all its interfaces; `.answered` when nothing is.
  ///
  /// What the pod holds now stays as it is.
  ///
  /// - Parameter scope: the only node on which anything may be freed; nil: on all.
  package func forgetPod(
    network: [UInt8], namespace: [UInt8], name: [UInt8], scope: [UInt8]? = nil, actor: String,
    into batch: inout ChangeBatch, waiter: any Waiter
  ) throws(Refusal) -> Decision<UInt64> {
    let text = namespace + [0] + name
    let nameHash = hash(text.span)
    let shard = pods.shard(of: nameHash)
    let prefix = network + [0] + text + [0]
    let decision = try pods.withShard(shard) {
      (state: inout ObjectShard) throws(Refusal) -> Decision<UInt64> in
      var kept: [KeptPod] = []
      for index in state.sameName(nameHash) {
        let handle = ObjectHandle(kind: .pod, shard: shard, index: index)
        let object = state[index].object
        guard object.bytes[object.keyRange].starts(with: prefix), !batch.hasEnded(handle) else {
          continue
        }
        switch batch.view(state[index], at: handle) {
        case .held: continue
        case .inFlight:
          // Somebody who holds it and lets it go may leave something that is kept.
          if state[index].phase != .reserving { return .wait }
        case .kept(let entry):
          if let scope, !PodObject(entry.object).isOn(scope.span) { throw .outOfScope }
          kept.append(
            KeptPod(handle: handle, entry: entry, core: PodObject(entry.object).core()))
        }
      }
      guard !kept.isEmpty else { return .answered(0) }
      try admit()
      for pod in kept.sorted(by: { $0.entry.object.precedes($1.entry.object) }) {
        end(pod, takenOver: FamilyPair(), actor, &state, &batch)
      }
      return .recorded
    }
    switch decision {
    case .answered: return .answered(revision)
    case .wait: return wait(waiter)
    case .recorded, .repeats: return decision
    }
  }
}
