import AddressBitmap
import Addressing
import Synchronization

/// Why a ledger does not fit the configuration; the daemon must not start.
package struct RecoveryFailure: Error, Sendable {
  /// For a person: what does not fit, how many and whose reservations, and what would help.
  package let message: String
}

/// Rebuilds the engine from the ledger at start, before anything else is asked of it.
package struct EngineRecovery: ~Copyable {
  let engine: AllocationEngine

  /// What lies in no range; a later record may still release it.
  private var misfits: [Misfit] = []

  /// The node of the pod that was restored last.
  private var lastNode: NodeRuntime?

  /// Ranges that were added and do not fit the configuration any more.
  var unfitRanges: [String] = []

  /// What `mapState` brings into the engine's indices.
  private var byAddress = ReverseIndex.Postponed()
  private var byContainer = ReverseIndex.Postponed()

  /// The newest release first, as they are read.
  private var rests: [Rest] = []

  private struct Misfit {
    let what: String
    let owner: OwnerName
    let address: IPAddress
  }

  private struct Rest {
    let range: AddressRange
    let address: IPAddress
    let since: Int64
  }

  private static let namedMisfits = 5

  /// - Parameter count: how many objects are to be expected, about.
  package init(into engine: AllocationEngine, expecting count: Int) {
    self.engine = engine
    engine.pods.reserve(count)
  }

  /// An object of the derived state; they come in key order, nodes first, pods last.
  ///
  /// Nothing finds it before `mapState`.
  package mutating func restore(_ stored: StoredObject) {
    let table = engine.table(stored.kind)
    let keyHash = table.keyHash(stored.object)
    let nameHash = table.nameHash(stored.object)
    let shard = table.shard(of: nameHash ?? keyHash)
    let isKept = stored.kind == .pod && PodObject(stored.object).isKept
    let index = table.withShard(shard) { state in
      state.restore(stored, hash: keyHash, nameHash: nameHash, isKept: isKept)
    }
    let handle = ObjectHandle(kind: stored.kind, shard: shard, index: index)
    switch stored.kind {
    case .pod:
      let pod = PodObject(stored.object)
      let core = pod.core()
      postpone(pod, core, handle)
      occupy(pod, core, handle)
    case .service: occupyService(stored.object, handle)
    case .node: occupy(NodeObject(stored.object))
    case .range: restoreRange(RangeRecord(stored.object))
    }
  }

  /// Ends the derived state: from now on all of it is found.
  package mutating func mapState() {
    for kind in ObjectKind.allCases { engine.table(kind).mapRestored() }
    engine.byAddress.insert(byAddress)
    engine.byContainer.insert(byContainer)
    byAddress = ReverseIndex.Postponed()
    byContainer = ReverseIndex.Postponed()
  }

  /// A record that the derived state does not contain, in revision order.
  package mutating func replay(_ record: LedgerRecord) {
    let table = engine.table(record.kind)
    let keyHash = table.keyHash(record.object)
    let shard = table.shard(of: record.object)
    let index = table.withShard(shard) { state in
      state.find(record.object.bytes.span.extracting(record.object.keyRange), hash: keyHash)
    }
    let origin = engine.origin(of: record.object, kind: record.kind)
    let generation = origin.generation(in: record.revision)
    let reservedAt = origin.reservedAt ?? record.time
    if let index, record.type == .updated, record.kind == .pod || record.kind == .node {
      // What a pod or a node holds does not change with an update.
      table.withShard(shard) {
        $0.hold(index, object: record.object, generation: generation, reservedAt: reservedAt)
      }
      let handle = ObjectHandle(kind: record.kind, shard: shard, index: index)
      if record.kind == .pod { noteLease(record.object, at: handle) }
      return
    }
    if let index, !record.isEnd, record.type != .reserved, record.kind == .pod {
      table.withShard(shard) { $0.keep(index, object: record.object) }
      return noteLease(record.object, at: ObjectHandle(kind: .pod, shard: shard, index: index))
    }
    if record.kind == .range { replayRange(record, generation, reservedAt, at: index, shard) }
    guard record.kind != .range else { return }
    if let index {
      remove(ObjectHandle(kind: record.kind, shard: shard, index: index), since: since(record))
    }
    guard !record.isEnd else { return }
    insert(record.kind, record.object, generation, reservedAt)
    moveCursors(record)
  }

  /// How far a node's block or a cluster CIDR had been handed out, as derived.
  package func restore(_ cursor: StoredCursor) {
    guard !cursor.node.isEmpty else { return moveClusterCursor(to: cursor.address) }
    if cursor.node[0] == 0 {
      let pool = Array(cursor.node.dropFirst())
      engine.pool(named: pool.span)?.range(cursor.address.family)?.restoreCursor(cursor.address)
      return
    }
    guard let node = engine.directory[cursor.node.span],
      cursor.revision > generation(of: node)
    else { return }
    node.range(cursor.address.family)?.restoreCursor(cursor.address)
  }

  /// A record of the time in which what was released still rests.
  package mutating func rest(_ record: LedgerRecord) {
    guard record.kind == .pod, record.isEnd else { return }
    let pod = PodObject(record.object)
    guard let node = source(of: pod) else { return }
    guard pod.isInPool || record.revision > generation(of: node) else { return }
    let since = since(record)
    for address in pod.addresses.array {
      guard let range = node.range(address.address.family) else { continue }
      rests.append(Rest(range: range, address: address.address, since: since))
    }
  }

  /// Ends the recovery: reads show `revision`.
  ///
  /// Throws when reservations lie in no configured range.
  package consuming func finish(revision: UInt64) throws(RecoveryFailure) {
    engine.visibility.withLock { $0 = revision }
    engine.ages.start(at: revision)
    // In the order of their release, which is the order in which they end.
    for rest in rests.reversed() { rest.range.restoreResting(rest.address, since: rest.since) }
    guard unfitRanges.isEmpty else {
      throw RecoveryFailure(message: unfitRanges.joined(separator: "; "))
    }
    guard !misfits.isEmpty else { return }
    let named = misfits.prefix(Self.namedMisfits).map { "\($0.what) of \(Self.text($0.owner))" }
      .joined(separator: ", ")
    let more = misfits.count - Self.namedMisfits
    throw RecoveryFailure(
      message: """
        \(misfits.count) reservations lie in no configured range: \(named)\
        \(more > 0 ? " and \(more) more" : ""). Configure their ranges again, or release \
        them before the ranges go
        """)
  }

  private func source(of pod: PodObject) -> NodeRuntime? {
    guard pod.isInPool else { return engine.directory[pod.nodeName.span] }
    let bytes = pod.packed.bytes
    return engine.pool(named: PodKey.network(bytes.span.extracting(pod.packed.keyRange)))
  }

  /// The monotonic time of a record.
  ///
  /// A wall clock that was set back makes nothing rest longer than its time.
  private func since(_ record: LedgerRecord) -> Int64 {
    engine.now() - max(0, engine.clock.wallMilliseconds() - record.time)
  }

  private func generation(of node: NodeRuntime) -> UInt64 {
    let name = node.name
    let hash = engine.hash(name.span)
    return engine.nodes.withShard(engine.nodes.shard(of: hash)) { state in
      state.find(name.span, hash: hash).map { state[$0].generation } ?? 0
    }
  }
}

extension EngineRecovery {
  /// An object that a record of the tail brings.
  private mutating func insert(
    _ kind: ObjectKind, _ object: PackedObject, _ generation: UInt64, _ reservedAt: Int64
  ) {
    let table = engine.table(kind)
    let keyHash = table.keyHash(object)
    let nameHash = table.nameHash(object)
    let shard = table.shard(of: nameHash ?? keyHash)
    let index = table.withShard(shard) { state in
      let index = state.insert(object, hash: keyHash, nameHash: nameHash, phase: .reserving)
      state.hold(index, object: object, generation: generation, reservedAt: reservedAt)
      if kind == .pod, PodObject(object).isKept { state.keep(index, object: object) }
      return index
    }
    let handle = ObjectHandle(kind: kind, shard: shard, index: index)
    switch kind {
    case .pod:
      let pod = PodObject(object)
      let core = pod.core()
      engine.index(pod, core, handle: handle)
      occupy(pod, core, handle)
    case .service: occupyService(object, handle)
    case .node: occupy(NodeObject(object))
    case .range: restoreRange(RangeRecord(object))
    }
  }

  /// What `AllocationEngine.index` does, later and for all pods together.
  private mutating func postpone(_ pod: PodObject, _ core: PodObject.Core, _ handle: ObjectHandle) {
    if let first = core.addresses.first { byAddress.append(engine.hash(first.address), handle) }
    if let second = core.addresses.second { byAddress.append(engine.hash(second.address), handle) }
    if let hash = engine.containerHash(pod, core) { byContainer.append(hash, handle) }
  }

  private mutating func occupy(_ pod: PodObject, _ core: PodObject.Core, _ handle: ObjectHandle) {
    engine.restoreLease(pod, core, at: handle)
    let node = node(of: pod, core)
    if let first = core.addresses.first { occupy(first.address, node, pod) }
    if let second = core.addresses.second { occupy(second.address, node, pod) }
  }

  private mutating func occupy(_ address: IPAddress, _ node: NodeRuntime?, _ pod: PodObject) {
    guard let range = node?.range(address.family), range.restore(address) else {
      let isGateway = node?.range(address.family)?.gateway == address
      let what = isGateway ? "\(address), a gateway that reserveGateway keeps free," : "\(address)"
      return misfit(what, address, pod.owner)
    }
  }

  private func noteLease(_ object: PackedObject, at handle: ObjectHandle) {
    engine.leases.remove(handle)
    let pod = PodObject(object)
    engine.restoreLease(pod, pod.core(), at: handle)
  }

  /// The pod's node; the one before is likely to be it.
  private mutating func node(of pod: PodObject, _ core: PodObject.Core) -> NodeRuntime? {
    if pod.isInPool { return source(of: pod) }
    let name = pod.packed.bytes.span.extracting(core.node)
    if let lastNode, lastNode.hasName(name) { return lastNode }
    lastNode = engine.directory[name]
    return lastNode
  }

  private mutating func occupyService(_ object: PackedObject, _ handle: ObjectHandle) {
    let addresses = ServiceObject.addresses(object)
    engine.link(addresses, to: handle)
    for address in addresses {
      guard let range = engine.serviceRange(of: address), range.restore(address) else {
        misfit("\(address)", address, engine.ownerName(object, .service))
        continue
      }
    }
  }

  private mutating func occupy(_ node: NodeObject) {
    if let block = engine.registry.restore(node) {
      misfit("\(block)", block.base, .node(name: node.name))
    }
    engine.directory.insert(engine.makeNode(name: node.key, blocks: node.podCIDRs))
  }

  private mutating func misfit(_ what: String, _ address: IPAddress, _ owner: OwnerName) {
    misfits.append(Misfit(what: what, owner: owner, address: address))
  }

  /// Whether the owner's address was in no range; then it is released with the owner.
  private mutating func forgetMisfit(_ address: IPAddress, _ owner: OwnerName) -> Bool {
    guard let index = misfits.firstIndex(where: { $0.address == address && $0.owner == owner })
    else { return false }
    misfits.remove(at: index)
    return true
  }

  private static func text(_ owner: OwnerName) -> String {
    switch owner {
    case .pod(let namespace, let name, _, _, _): "pod \(namespace)/\(name)"
    case .service(let namespace, let name): "Service \(namespace)/\(name)"
    case .node(let name): "node \(name)"
    case .range(let name): "range \(name)"
    }
  }

  /// What a later record replaces or releases; its addresses rest from then on.
  private mutating func remove(_ handle: ObjectHandle, since: Int64) {
    guard let kind = handle.kind else { return }
    let table = engine.table(kind)
    let object = table.withShard(handle.shard) { $0[handle.index].object }
    engine.unindex(object, kind: kind, handle: handle)
    switch kind {
    case .pod:
      engine.leases.remove(handle)
      let pod = PodObject(object)
      let node = source(of: pod)
      for address in pod.addresses.array
      where misfits.isEmpty || !forgetMisfit(address.address, pod.owner) {
        node?.range(address.address.family)?.release(address.address, now: since)
      }
    case .service:
      let owner = engine.ownerName(object, .service)
      for address in ServiceObject.addresses(object) where !forgetMisfit(address, owner) {
        engine.serviceRange(of: address)?.release(address, now: 0)
      }
    case .node:
      lastNode = nil
      if let node = engine.directory[object.bytes.span.extracting(object.keyRange)] {
        engine.directory.remove(node)
      }
      let released = NodeObject(object)
      misfits.removeAll { $0.owner == .node(name: released.name) }
      engine.registry.giveBack(released.podCIDRs)
    case .range: removeRange(RangeRecord(object))
    }
    let nameHash = table.nameHash(object)
    table.withShard(handle.shard) { $0.remove(handle.index, nameHash: nameHash) }
  }

  private func moveCursors(_ record: LedgerRecord) {
    guard record.type == .reserved else { return }
    switch record.kind {
    case .pod:
      let pod = PodObject(record.object)
      let node = source(of: pod)
      for address in pod.addresses.array where address.isAutomatic {
        node?.range(address.address.family)?.restoreCursor(address.address)
      }
    case .node:
      let node = NodeObject(record.object)
      guard !node.isExplicit else { return }
      for block in node.podCIDRs { moveClusterCursor(to: block.base) }
    case .service, .range:
      break
    }
  }

  private func moveClusterCursor(to address: IPAddress) {
    for range in engine.registry.clusterRanges where range.clusterCIDR.contains(address) {
      guard let block = CIDR(containing: address, prefixLength: range.nodePrefixLength) else {
        continue
      }
      range.restoreCursor(block)
    }
  }
}
