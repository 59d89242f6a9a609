import AddressBitmap
import Addressing

/// What happens to the changes of a batch once their fate is known.
extension AllocationEngine {
  /// The batch is durable: shows its changes in their order, all at once.
  ///
  /// - Parameter time: of the records, in milliseconds since 1970.
  package func show(_ batch: inout ChangeBatch, firstRevision: UInt64, time: Int64) {
    let count = batch.count
    let now = now()
    visibility.withLock { revision in
      for position in 0..<count {
        let revision = firstRevision + UInt64(position)
        show(&batch.changes[position], revision: revision, time: time, now: now)
      }
      revision = firstRevision + UInt64(count) - 1
    }
    ages.note(revision: firstRevision + UInt64(count) - 1, at: now)
    inFlight.ended(count)
    bell.ring()
  }

  /// The batch is not durable and never will be: gives its claims back, the last one first.
  package func takeBack(_ batch: inout ChangeBatch) {
    let count = batch.count
    for position in (0..<count).reversed() { takeBack(&batch.changes[position]) }
    inFlight.ended(count)
  }

  private func show(_ change: inout Change, revision: UInt64, time: Int64, now: Int64) {
    let handle = change.handle
    let isFollowed = change.isFollowed
    switch change.type {
    case .reserved, .updated:
      change.takeClaims().commit()
      change.ingress?.take().commit()
      unlink(change.freed, from: handle)
      if !change.freed.isEmpty { free(change.givenUp) }
      let origin = origin(of: change.object, kind: change.kind)
      // Before the entry lets the next change begin, which starts with what this one made.
      if change.kind == .range { show(RangeRecord(change.object)) }
      // A pod's entry that came with the change has its object.
      let isThere = change.kind == .pod && change.formerPhase == nil
      let replacement = isThere ? nil : change.object
      withShard(change.kind, handle.shard) { shard in
        shard.hold(
          handle.index, object: replacement, generation: origin.generation(in: revision),
          reservedAt: origin.reservedAt ?? time)
        if isFollowed { shard.setPhase(handle.index, .changing) }
      }
      if change.kind == .pod { noteLease(change, now: now) }
      if change.type == .reserved, let registration = change.registration {
        show(registration)
      }
    case .released, .expired:
      if PodObject.isKept(change) {
        let object = change.object
        withShard(change.kind, handle.shard) { shard in
          shard.keep(handle.index, object: object)
          if isFollowed { shard.setPhase(handle.index, .keptChanging) }
        }
        noteKept(handle, since: now)
      } else {
        showEnd(change, now: now)
      }
    }
  }

  /// A node is there for everybody.
  ///
  /// What has been excluded since it was registered is excluded on it too.
  private func show(_ registration: NodeRegistration) {
    registry.show(registration)
    directory.insert(registration.node)
    // What was excluded since the node was made did not reach it.
    for range in registration.node.ranges.array { book.setExclusions(of: range) }
  }

  private func showEnd(_ change: borrowing Change, now: Int64) {
    unindex(change.object, kind: change.kind, handle: change.handle)
    switch change.kind {
    case .pod:
      noteEnd(change)
      for address in PodObject(change.object).addresses.array
      where change.passedOn.isEmpty || !change.passedOn.contains(address.address) {
        change.node?.range(address.address.family)?.release(address.address, now: now)
      }
    case .service:
      free(change.givenUp)
    case .node:
      if let node = change.node { directory.remove(node) }
      registry.giveBack(NodeObject(change.object).podCIDRs)
    case .range:
      showRemoval(RangeRecord(change.object))
    }
    remove(change.handle, change.object)
  }

  func takeBack(_ change: inout Change) {
    let handle = change.handle
    if change.kind == .range { takeBack(RangeRecord(change.object), change.type) }
    if let phase = change.formerPhase {
      if change.type == .updated {
        unlink(change.claims.addresses + (change.ingress?.addresses ?? []), from: handle)
      }
      if change.type == .released, change.kind == .node { change.node?.reopen() }
      table(change.kind).withShard(handle.shard) { $0.setPhase(handle.index, phase) }
      if change.type == .expired { noteLater(handle) }
    } else {
      unindex(change.object, kind: change.kind, handle: handle)
      if let registration = change.registration {
        registry.takeBack(registration)
      }
      remove(handle, change.object)
    }
    // Dropping the claims frees their addresses.
    _ = change.takeClaims()
    _ = change.ingress?.take()
  }

  func origin(of object: PackedObject, kind: ObjectKind) -> Origin {
    switch kind {
    case .pod: PodObject(object).origin
    case .service: ServiceObject.origin(object)
    case .node: NodeObject.origin(object)
    case .range: RangeRecord.origin(object)
    }
  }

  private func remove(_ handle: ObjectHandle, _ object: PackedObject) {
    guard let kind = handle.kind else { return }
    let table = table(kind)
    let nameHash = table.nameHash(object)
    table.withShard(handle.shard) { $0.remove(handle.index, nameHash: nameHash) }
  }

  /// Service addresses that nobody holds any more.
  ///
  /// One whose range is gone is let go silently.
  private func free(_ addresses: [IPAddress]) {
    for address in addresses { serviceRange(of: address)?.release(address, now: 0) }
  }
}

/// The reverse indices.
extension AllocationEngine {
  func link(_ addresses: [IPAddress], to handle: ObjectHandle) {
    for address in addresses { byAddress.insert(hash(address), handle) }
  }

  func unlink(_ addresses: [IPAddress], from handle: ObjectHandle) {
    for address in addresses { byAddress.remove(hash(address), handle) }
  }

  func index(_ pod: PodObject, _ core: PodObject.Core, handle: ObjectHandle) {
    if let first = core.addresses.first { byAddress.insert(hash(first.address), handle) }
    if let second = core.addresses.second { byAddress.insert(hash(second.address), handle) }
    if let hash = containerHash(pod, core) { byContainer.insert(hash, handle) }
  }

  /// The same for a pod that is just being reserved.
  func index(
    _ draft: borrowing PodDraft, _ addresses: FamilyPair<PodObject.Address>, handle: ObjectHandle
  ) {
    if let first = addresses.first { byAddress.insert(hash(first.address), handle) }
    if let second = addresses.second { byAddress.insert(hash(second.address), handle) }
    guard draft.instance == .containerID else { return }
    byContainer.insert(hash(draft.node.span, draft.containerID.span), handle)
  }

  func unindex(_ object: PackedObject, kind: ObjectKind, handle: ObjectHandle) {
    switch kind {
    case .pod:
      let pod = PodObject(object)
      let core = pod.core()
      if let first = core.addresses.first { byAddress.remove(hash(first.address), handle) }
      if let second = core.addresses.second { byAddress.remove(hash(second.address), handle) }
      if let hash = containerHash(pod, core) { byContainer.remove(hash, handle) }
    case .service:
      unlink(ServiceObject.addresses(object), from: handle)
    case .node, .range:
      break
    }
  }

  /// The hash of the node and container of a pod that has one.
  func containerHash(_ pod: PodObject, _ core: PodObject.Core) -> UInt32? {
    guard core.flags & PodObject.instanceMask == PodObject.Instance.containerID.rawValue else {
      return nil
    }
    let bytes = pod.packed.bytes.span
    return hash(bytes.extracting(core.node), bytes.extracting(pod.instanceRange))
  }
}
