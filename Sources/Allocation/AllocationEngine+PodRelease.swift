import AddressBitmap
package import Addressing

/// What a release names.
package enum PodTarget: Sendable {
  /// The packed owner key, and where its namespace and name are.
  case owner(key: [UInt8], nameRange: Range<Int>)
  case address(IPAddress)
  /// All interfaces of one container on one node.
  case container(node: [UInt8], containerID: [UInt8])
  /// Everything that pods of this name hold, in every network.
  case everything(namespace: [UInt8], name: [UInt8])
}

extension AllocationEngine {
  /// Releases what the target names; `.answered` when nothing of it is held.
  ///
  /// The records stand in the batch one after the other, in key order of what was found.
  ///
  /// - Parameter scope: the only node whose pods may be released; nil: those of all.
  package func releasePods(
    _ target: PodTarget, ifRevision: UInt64?, scope: [UInt8]? = nil, actor: String,
    into batch: inout ChangeBatch, waiter: any Waiter
  ) throws(Refusal) -> Decision<UInt64> {
    let handles = find(target, batch)
    guard !handles.isEmpty else { return .answered(revision) }
    var marked: [(handle: ObjectHandle, entry: Entry)] = []
    do throws(Refusal) {
      for handle in handles {
        switch try markForRelease(handle, target, ifRevision, scope, batch) {
        case .gone: continue
        case .inFlight:
          unmark(marked.map { ($0.handle, $0.entry.phase) })
          return wait(waiter)
        case .marked(let entry): marked.append((handle, entry))
        }
      }
    } catch {
      unmark(marked.map { ($0.handle, $0.entry.phase) })
      throw error
    }
    guard !marked.isEmpty else { return .answered(revision) }
    for (handle, entry) in marked {
      batch.append(ending(entry, at: handle, .released, actor, batch))
    }
    return .recorded
  }

  /// The record that ends what a pod holds: a sticky one's addresses are kept.
  func ending(
    _ entry: Entry, at handle: ObjectHandle, _ type: RecordType, _ actor: String,
    _ batch: borrowing ChangeBatch, former: VisibleObject? = nil
  ) -> Change {
    let pod = PodObject(entry.object)
    let origin = batch.origin(of: entry, at: handle)
    let object =
      pod.isSticky
      ? pod.kept(since: clock.wallMilliseconds(), origin: origin) : pod.with(origin)
    return Change(
      kind: .pod, type: type, object: object, actor: actor, handle: handle,
      formerPhase: entry.phase, node: runtime(of: pod, batch), former: former)
  }

  private enum Mark {
    case gone
    case inFlight
    case marked(Entry)
  }

  private func find(_ target: PodTarget, _ batch: borrowing ChangeBatch) -> [ObjectHandle] {
    switch target {
    case .owner(let key, let nameRange):
      let nameHash = hash(key.span.extracting(nameRange))
      let keyHash = hash(key.span)
      let shard = pods.shard(of: nameHash)
      let index = pods.withShard(shard) { find(.pod, key.span, keyHash, shard, in: $0, batch) }
      return index.map { [ObjectHandle(kind: .pod, shard: shard, index: $0)] } ?? []
    case .address(let address):
      return entries(of: address).map(\.handle).filter { $0.kind == .pod }
    case .container(let node, let containerID):
      return inKeyOrder(byContainer.candidates(hash(node.span, containerID.span)))
    case .everything(let namespace, let name):
      let bytes = namespace + [0] + name
      let nameHash = hash(bytes.span)
      let shard = pods.shard(of: nameHash)
      let places = pods.withShard(shard) { $0.sameName(nameHash) }
      return inKeyOrder(places.map { ObjectHandle(kind: .pod, shard: shard, index: $0) })
    }
  }

  private func inKeyOrder(_ handles: [ObjectHandle]) -> [ObjectHandle] {
    guard handles.count > 1 else { return handles }
    let keyed = handles.map { handle in
      (handle, pods.withShard(handle.shard) { $0.entry(handle.index)?.object })
    }
    return keyed.compactMap { handle, object in object.map { (handle, $0) } }
      .sorted { $0.1.precedes($1.1) }.map(\.0)
  }

  /// Whether the entry is what the target names: between the look-up and the lock it may have gone,
  /// and hashes only suggest.
  private func matches(_ object: PackedObject, _ target: PodTarget) -> Bool {
    switch target {
    case .owner(let key, _): return object.hasKey(key.span)
    case .address(let address):
      return PodObject(object).addresses.contains { $0.address == address }
    case .container(let node, let containerID):
      let pod = PodObject(object)
      let bytes = object.bytes.span
      return bytes.extracting(pod.core().node).equals(node.span)
        && pod.core().flags & PodObject.instanceMask == PodObject.Instance.containerID.rawValue
        && bytes.extracting(pod.instanceRange).equals(containerID.span)
    case .everything(let namespace, let name):
      let wanted = namespace + [0] + name
      return object.bytes.span.extracting(object.podNameRange).equals(wanted.span)
    }
  }

  private func markForRelease(
    _ handle: ObjectHandle, _ target: PodTarget, _ ifRevision: UInt64?, _ scope: [UInt8]?,
    _ batch: borrowing ChangeBatch
  ) throws(Refusal) -> Mark {
    try pods.withShard(handle.shard) { (state: inout ObjectShard) throws(Refusal) -> Mark in
      guard let found = state.entry(handle.index), matches(found.object, target),
        !batch.hasEnded(handle)
      else { return .gone }
      let entry: Entry
      switch batch.view(found, at: handle) {
      case .held(let seen): entry = seen
      case .kept: return .gone
      case .inFlight: return .inFlight
      }
      // Before anything is told about it.
      if let scope, !PodObject(entry.object).isOn(scope.span) { throw .outOfScope }
      if let ifRevision, ifRevision != entry.fence {
        throw .conflict(
          message: "ifRevision is \(ifRevision), but the reservation is \(entry.fenceText)",
          revision: entry.fence, owner: PodObject(entry.object).owner)
      }
      try admit()
      _ = mark(handle.index, in: &state)
      return .marked(entry)
    }
  }

  /// Undoes marks that came to nothing, and wakes those who saw them.
  func unmark(_ marked: [(handle: ObjectHandle, phase: EntryPhase)]) {
    guard !marked.isEmpty else { return }
    for (handle, phase) in marked {
      pods.withShard(handle.shard) { $0.setPhase(handle.index, phase) }
    }
    inFlight.ended(marked.count)
  }
}
