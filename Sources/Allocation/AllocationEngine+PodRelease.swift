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
  package func releasePods(
    _ target: PodTarget, ifRevision: UInt64?, actor: String, into batch: inout ChangeBatch,
    waiter: any Waiter
  ) throws(Refusal) -> Decision<UInt64> {
    let handles = find(target)
    guard !handles.isEmpty else { return .answered(revision) }
    var marked: [(handle: ObjectHandle, object: PackedObject)] = []
    do throws(Refusal) {
      for handle in handles {
        switch try markForRelease(handle, target, ifRevision) {
        case .gone: continue
        case .inFlight:
          unmark(marked)
          return wait(waiter)
        case .marked(let object): marked.append((handle, object))
        }
      }
    } catch {
      unmark(marked)
      throw error
    }
    guard !marked.isEmpty else { return .answered(revision) }
    for (handle, object) in marked {
      batch.append(
        Change(
          kind: .pod, type: .released, object: object, actor: actor, handle: handle,
          node: directory[PodObject(object).nodeName.span]))
    }
    return .recorded
  }

  private enum Mark {
    case gone
    case inFlight
    case marked(PackedObject)
  }

  private func find(_ target: PodTarget) -> [ObjectHandle] {
    switch target {
    case .owner(let key, let nameRange):
      let nameHash = hash(key.span.extracting(nameRange))
      let keyHash = hash(key.span)
      let shard = pods.shard(of: nameHash)
      let index = pods.withShard(shard) { $0.find(key.span, hash: keyHash) }
      return index.map { [ObjectHandle(kind: .pod, shard: shard, index: $0)] } ?? []
    case .address(let address):
      guard let (handle, _) = entry(of: address), handle.kind == .pod else { return [] }
      return [handle]
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
    _ handle: ObjectHandle, _ target: PodTarget, _ ifRevision: UInt64?
  ) throws(Refusal) -> Mark {
    try pods.withShard(handle.shard) { (state: inout ObjectShard) throws(Refusal) -> Mark in
      guard let entry = state.entry(handle.index), matches(entry.object, target) else {
        return .gone
      }
      guard !entry.isInFlight else { return .inFlight }
      if let ifRevision, ifRevision != entry.generation {
        throw .conflict(
          message: "ifRevision is \(ifRevision), but the reservation is \(entry.generation)",
          revision: entry.generation, owner: PodObject(entry.object).owner)
      }
      try admit()
      inFlight.began()
      state.setPhase(handle.index, .changing)
      return .marked(entry.object)
    }
  }

  /// Undoes marks that came to nothing, and wakes those who saw them.
  func unmark(_ marked: [(handle: ObjectHandle, object: PackedObject)]) {
    guard !marked.isEmpty else { return }
    for (handle, _) in marked {
      pods.withShard(handle.shard) { $0.setPhase(handle.index, .held) }
    }
    inFlight.ended(marked.count)
  }
}
