import AddressBitmap
import Addressing

/// What happens to the changes of a batch once their fate is known.
extension AllocationEngine {
  /// The batch is durable: shows its changes in their order, all at once.
  ///
  /// - Parameter time: of the records, in milliseconds since 1970.
  package func show(_ batch: inout ChangeBatch, firstRevision: UInt64, time: Int64) {
    let count = batch.count
    visibility.withLock { revision in
      for position in 0..<count {
        show(&batch.changes[position], revision: firstRevision + UInt64(position), time: time)
      }
      revision = firstRevision + UInt64(count) - 1
    }
    inFlight.ended(count)
  }

  /// The batch is not durable and never will be: gives its claims back, the last one first.
  package func takeBack(_ batch: inout ChangeBatch) {
    let count = batch.count
    for position in (0..<count).reversed() { takeBack(&batch.changes[position]) }
    inFlight.ended(count)
  }

  private func show(_ change: inout Change, revision: UInt64, time: Int64) {
    let table = table(change.kind)
    let handle = change.handle
    switch change.type {
    case .reserved, .updated:
      change.takeClaims().commit()
      unlink(change.freed, from: handle)
      free(change.freed)
      let object = change.object
      let origin = origin(of: object, kind: change.kind)
      table.withShard(handle.shard) { shard in
        shard.hold(
          handle.index, object: object, generation: origin.generation ?? revision,
          reservedAt: origin.reservedAt ?? time)
      }
      if change.type == .reserved, let registration = change.registration {
        directory.insert(registration.node)
      }
    case .released:
      showRelease(change)
    }
  }

  private func showRelease(_ change: borrowing Change) {
    unindex(change.object, kind: change.kind, handle: change.handle)
    switch change.kind {
    case .pod:
      let now = now()
      for address in PodObject(change.object).addresses.array {
        change.node?.range(address.address.family)?.release(address.address, now: now)
      }
    case .service:
      free(ServiceObject.addresses(change.object))
    case .node:
      if let node = change.node { directory.remove(node) }
      registry.giveBack(NodeObject(change.object).podCIDRs)
    }
    remove(change.handle, change.object)
  }

  private func takeBack(_ change: inout Change) {
    let handle = change.handle
    switch change.type {
    case .reserved:
      unindex(change.object, kind: change.kind, handle: handle)
      if let registration = change.registration { registry.giveBack(registration.blocks) }
      remove(handle, change.object)
    case .updated, .released:
      if change.type == .updated { unlink(change.claims.addresses, from: handle) }
      if change.type == .released, change.kind == .node { change.node?.reopen() }
      table(change.kind).withShard(handle.shard) { $0.setPhase(handle.index, .held) }
    }
    // Dropping the claims frees their addresses.
    _ = change.takeClaims()
  }

  func origin(of object: PackedObject, kind: ObjectKind) -> Origin {
    switch kind {
    case .pod: PodObject(object).origin
    case .service: ServiceObject.origin(object)
    case .node: NodeObject.origin(object)
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
    for address in addresses { serviceRange(address.family)?.release(address, now: 0) }
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
    _ draft: PodDraft, _ addresses: FamilyPair<PodObject.Address>, handle: ObjectHandle
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
    case .node:
      break
    }
  }

  private func containerHash(_ pod: PodObject, _ core: PodObject.Core) -> UInt32? {
    guard core.flags & PodObject.instanceMask == PodObject.Instance.containerID.rawValue else {
      return nil
    }
    let bytes = pod.packed.bytes.span
    return hash(bytes.extracting(core.node), bytes.extracting(pod.instanceRange))
  }
}
