import AddressBitmap
package import Addressing
import Synchronization

/// An object with what memory knows about it.
package struct VisibleObject: Sendable {
  package let object: PackedObject
  package let generation: UInt64
  /// Milliseconds since 1970.
  package let reservedAt: Int64

  /// The object that a release ends, which an earlier record of the same commit may have made.
  ///
  /// - Parameters:
  ///   - revision: of the release.
  ///   - time: of the commit, in milliseconds since 1970.
  package init?(endedBy change: borrowing Change, revision: UInt64, time: Int64) {
    guard let former = change.former else { return nil }
    let origin = PodObject(change.object).origin
    object = former.object
    generation = origin.generation(in: revision)
    reservedAt = origin.reservedAt ?? time
  }

  init(_ entry: Entry) {
    object = entry.object
    generation = entry.generation
    reservedAt = entry.reservedAt
  }
}

/// A page of a list.
package struct ObjectPage: Sendable {
  package let objects: [VisibleObject]
  /// The key to go on after; nil on the last page.
  package let next: [UInt8]?
  package let revision: UInt64
}

/// What an address is.
package enum AddressStanding: Sendable {
  /// `isKept`: the owner has released it, and it is kept for that one's next reservation.
  case reserved(owner: OwnerName, range: CIDR?, since: Int64, isKept: Bool)
  case free(range: CIDR)
  /// Since when it rests, in milliseconds since 1970.
  case quarantined(range: CIDR, since: Int64)
  case never(range: CIDR)
  /// Nobody has it, and nobody gets it.
  case excluded(range: CIDR)
  case outOfRange
}

/// Reads: each sees whole requests, and says the newest revision that it shows.
extension AllocationEngine {
  package func get(_ kind: ObjectKind, key: [UInt8], nameRange: Range<Int>? = nil) -> VisibleObject?
  {
    visibility.withLock { _ in
      let table = table(kind)
      let keyHash = hash(key.span)
      let shard = table.shard(of: nameRange.map { hash(key.span.extracting($0)) } ?? keyHash)
      return table.withShard(shard) { state in
        // One that is about to be replaced has a successor of the same key.
        state.find(key.span, hash: keyHash) { state[$0].isVisible }.map { VisibleObject(state[$0]) }
      }
    }
  }

  /// Whether a change of this object is on its way to the disk.
  package func isInFlight(_ kind: ObjectKind, key: [UInt8], nameRange: Range<Int>? = nil) -> Bool {
    let table = table(kind)
    let keyHash = hash(key.span)
    let shard = table.shard(of: nameRange.map { hash(key.span.extracting($0)) } ?? keyHash)
    return table.withShard(shard) { state in
      state.find(key.span, hash: keyHash).map { state[$0].isInFlight } ?? false
    }
  }

  /// Whether a change of what holds this address is on its way to the disk.
  package func isInFlight(_ address: IPAddress) -> Bool {
    entry(of: address)?.entry.isInFlight ?? false
  }

  /// Has `waiter` woken when something in flight has ended.
  package func waitForChange(_ waiter: any Waiter) { inFlight.wait(waiter) }

  /// The pod that holds the address.
  package func pod(holding address: IPAddress) -> VisibleObject? {
    visibility.withLock { _ in
      guard let (handle, entry) = entry(of: address), handle.kind == .pod, entry.isVisible else {
        return nil
      }
      return VisibleObject(entry)
    }
  }

  /// A page of the objects whose key starts with `prefix`, behind the key `after`.
  ///
  /// A page looks at a bounded number of objects: with a filter it may have fewer than `limit`, and
  /// not be the last.
  package func list(
    _ kind: ObjectKind, prefix: [UInt8] = [], after key: [UInt8]?, limit: Int,
    where isWanted: (PackedObject) -> Bool = { _ in true }
  ) -> ObjectPage {
    visibility.withLock { revision in
      let query = EntryQuery(after: key, prefix: prefix, limit: limit)
      let page = table(kind).page(query) { isWanted($0.object) }
      return ObjectPage(
        objects: page.entries.map { VisibleObject($0) }, next: page.seenTo, revision: revision)
    }
  }

  package func standing(of address: IPAddress) -> (standing: AddressStanding, revision: UInt64) {
    visibility.withLock { revision in (look(at: address), revision) }
  }

  private func look(at address: IPAddress) -> AddressStanding {
    let range = range(of: address)
    if let (handle, entry) = entry(of: address), entry.isVisible || entry.isKept,
      let kind = handle.kind
    {
      let keptAt = entry.isKept ? PodObject(entry.object).core().keptAt : nil
      return .reserved(
        owner: ownerName(entry.object, kind), range: range?.cidr,
        since: keptAt ?? entry.reservedAt, isKept: entry.isKept)
    }
    guard let range else { return .outOfRange }
    switch range.state(of: address, now: now()) {
    case .never: return .never(range: range.cidr)
    case .excluded: return .excluded(range: range.cidr)
    case .outside: return .outOfRange
    // Taken, but by nobody that may be seen yet.
    case .free, .held: return .free(range: range.cidr)
    case .resting(let since):
      let age = max(0, now() - since)
      return .quarantined(range: range.cidr, since: clock.wallMilliseconds() - age)
    }
  }

  /// The range of addresses that the address lies in: a Service range or a node's block.
  private func range(of address: IPAddress) -> AddressRange? {
    if let range = serviceRange(of: address) { return range }
    for pool in pools {
      if let range = pool.range(address.family), range.cidr.contains(address) { return range }
    }
    guard let name = registry.node(of: address) else { return nil }
    return directory[name.span]?.range(address.family)
  }

  package var objectCounts: (pods: Int, services: Int, nodes: Int) {
    (pods.visibleCount, services.visibleCount, nodes.visibleCount)
  }
}
