import AddressBitmap
import Addressing
import Allocation

extension ChangeBatch {
  func record(at position: Int, revision: UInt64, time: Int64) -> LedgerRecord {
    LedgerRecord(
      revision: revision, time: time, type: changes[position].type, kind: changes[position].kind,
      object: changes[position].object, actor: changes[position].actor)
  }
}

/// What a start reads, worked out anew each time in the simplest way.
extension FakeLedger {
  private struct Owner: Hashable {
    let kind: UInt8
    let key: [UInt8]
  }

  func readState(_ body: (StoredObject) throws(LedgerFailure) -> Void) throws(LedgerFailure) {
    var objects: [Owner: StoredObject] = [:]
    for record in derivedRecords {
      let owner = Owner(
        kind: record.kind.rawValue, key: Array(record.object.bytes[record.object.keyRange]))
      let origin = Self.origin(record)
      let generation =
        lie == .renewsGeneration ? record.revision : origin.generation(in: record.revision)
      if record.isEnd {
        if lie != .keepsReleased { objects[owner] = nil }
      } else {
        objects[owner] = StoredObject(
          kind: record.kind, object: record.object, generation: generation,
          reservedAt: origin.reservedAt ?? record.time)
      }
    }
    for kind in [ObjectKind.node, .service, .pod] {
      let ofKind = objects.filter { $0.key.kind == kind.rawValue }
      for (_, object) in ofKind.sorted(by: { $0.key.key.lexicographicallyPrecedes($1.key.key) }) {
        try body(object)
      }
    }
  }

  func readCursors(_ body: (StoredCursor) throws(LedgerFailure) -> Void) throws(LedgerFailure) {
    guard lie != .hidesCursors else { return }
    var cursors: [String: StoredCursor] = [:]
    for record in derivedRecords {
      switch (record.kind, record.type) {
      case (.pod, .reserved):
        let pod = PodObject(record.object)
        for address in pod.addresses.array where address.isAutomatic {
          cursors["\(pod.cursorName)/\(address.address.family)"] = StoredCursor(
            node: pod.cursorName, address: address.address, revision: record.revision)
        }
      case (.node, .reserved):
        let node = NodeObject(record.object)
        for block in node.podCIDRs where !node.isExplicit {
          cursors["/\(block.family)"] = StoredCursor(
            node: [], address: block.base, revision: record.revision)
        }
      case (.node, .released):
        for family in IPFamily.allCases {
          cursors["\(NodeObject(record.object).key)/\(family)"] = nil
        }
      default: break
      }
    }
    for cursor in cursors.values { try body(cursor) }
  }

  func readTail(_ body: (LedgerRecord) throws(LedgerFailure) -> Void) throws(LedgerFailure) {
    guard lie != .hidesTail else { return }
    let tail = state.withLock { Array($0.records[$0.derived...]) }
    for record in tail { try body(record) }
  }

  func readBack(
    to time: Int64, endsOnly: Bool, _ body: (LedgerRecord) throws(LedgerFailure) -> Void
  ) throws(LedgerFailure) {
    guard lie != .hidesReleases else { return }
    for record in records.reversed() {
      if record.time < time { return }
      if !endsOnly || record.isEnd { try body(record) }
    }
  }

  private var derivedRecords: [LedgerRecord] {
    state.withLock { Array($0.records[..<$0.derived]) }
  }

  private static func origin(_ record: LedgerRecord) -> Origin {
    switch record.kind {
    case .pod: PodObject(record.object).origin
    case .service: ServiceObject(record.object).origin
    case .node: NodeObject(record.object).origin
    case .range: record.origin
    }
  }
}

extension FakeLedger {
  /// What the daemon does at its start.
  func recover(into engine: AllocationEngine) throws {
    var recovery = EngineRecovery(into: engine, expecting: 0)
    try readState { recovery.restore($0) }
    recovery.mapState()
    try readCursors { recovery.restore($0) }
    try readTail { recovery.replay($0) }
    let rest = Int64(engine.configuration.quarantineSeconds) * 1000
    if rest > 0 {
      try readBack(to: engine.clock.wallMilliseconds() - rest, endsOnly: true) { recovery.rest($0) }
    }
    try recovery.finish(revision: newestRevision)
  }
}
