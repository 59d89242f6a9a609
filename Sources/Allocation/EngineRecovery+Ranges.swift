import AddressBitmap
import Addressing

/// Ranges that were added, drained or removed, and exclusions.
extension EngineRecovery {
  /// An object of kind Range as the ledger has it.
  mutating func restoreRange(_ record: RangeRecord) {
    switch record {
    case .exclusions(let exclusions, _): engine.apply(ExclusionList(exclusions))
    case .range(let object): restore(object)
    }
  }

  private mutating func restore(_ object: RangeObject) {
    let configured = engine.book.items.map(\.object)
    if let known = configured.first(where: { $0.name == object.name }) {
      if known.cidr == object.cidr, known.purpose == object.purpose {
        return engine.book.setDraining(object.name, object.isDraining)
      }
      // The configuration gives the name to another block now.
      if object.isConfigured { return }
    }
    // What the configuration has named before, it takes away.
    if object.isConfigured { return }
    if let conflict = RangeBook.conflict(of: object, with: configured) {
      return unfitRanges.append(
        """
        the range \(object.name), \(object.cidr), was added and does not fit the configuration: \
        \(conflict.message). Remove one of the two
        """)
    }
    engine.publish(object)
    if object.purpose != .pod { engine.registry.restoreOther(object.cidr) }
  }

  /// The range is gone; a configured one is back.
  func removeRange(_ record: RangeRecord) {
    guard case .range(let object) = record else { return }
    guard let item = engine.book.item(named: object.name), item.object.cidr == object.cidr else {
      return
    }
    if item.object.isConfigured { return engine.book.setDraining(object.name, false) }
    if case .blocks(let cluster) = item.source { engine.registry.drop(cluster) }
    engine.showRemoval(record)
  }

  /// A record of the tail.
  mutating func replayRange(
    _ record: LedgerRecord, _ generation: UInt64, _ reservedAt: Int64, at index: UInt32?,
    _ shard: Int
  ) {
    let table = engine.ranges
    if record.isEnd {
      removeRange(RangeRecord(record.object))
      if let index { table.withShard(shard) { $0.remove(index, nameHash: nil) } }
      return
    }
    table.withShard(shard) { state in
      let place =
        index
        ?? state.insert(
          record.object, hash: table.keyHash(record.object), nameHash: nil, phase: .reserving)
      state.hold(place, object: record.object, generation: generation, reservedAt: reservedAt)
    }
    restoreRange(RangeRecord(record.object))
  }
}
