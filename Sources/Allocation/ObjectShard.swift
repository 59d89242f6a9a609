/// Where an object's entry stands between two commits.
enum EntryPhase: UInt8, Sendable {
  /// The slot is unused.
  case vacant
  /// Its first record is on the way to the disk: nobody sees it.
  case reserving
  /// Durable, and nothing is on the way.
  case held
  /// Durable, and a record that updates or releases it is on the way: the old object is seen.
  case changing
  /// Its owner has released it, durably, and its addresses are kept for that owner.
  case kept
  /// Kept, and the record that ends it is on the way.
  case keptChanging
  /// Gone; the slot waits until the order of lists has forgotten it.
  case departed

  /// What others may see: nothing before it is durable.
  var isVisible: Bool { self == .held || self == .changing }

  /// Its addresses are kept for an owner who does not hold them.
  var isKept: Bool { self == .kept || self == .keptChanging }
}

/// One object in memory.
struct Entry: Sendable {
  var object: PackedObject
  /// The revision that `ifRevision` is compared with.
  var generation: UInt64
  /// Milliseconds since 1970.
  var reservedAt: Int64
  var hash: UInt32
  /// The circle of entries with the same namespace and name (by hash); itself when alone.
  var next: UInt32
  var previous: UInt32
  var phase: EntryPhase

  /// What `ifRevision` must be; nil: the reservation is part of the transaction that asks, and has
  /// no revision yet.
  var fence: UInt64? { phase == .reserving ? nil : generation }

  /// For a person.
  var fenceText: String { fence.map(String.init) ?? "made by the same transaction" }

  /// What others may see of it: nothing before it is durable.
  var isVisible: Bool { phase.isVisible }

  /// For a record about what is durable: the same object, later.
  var origin: Origin { Origin(generation: .revision(generation), reservedAt: reservedAt) }

  var isInFlight: Bool { phase == .reserving || phase == .changing || phase == .keptChanging }

  /// Its addresses are kept for an owner who does not hold them.
  var isKept: Bool { phase.isKept }
}

/// A part of the owner index: the entries whose shard hash ends alike, under one lock.
struct ObjectShard: ~Copyable, Sendable {
  private(set) var entries: [Entry] = []
  private var vacant: [UInt32] = []
  private var byKey = HandleMap()
  private var byName = HandleMap()
  /// The name hashes of restored entries, which stand in no map yet.
  private var unmappedNames: [UInt32] = []
  var order = EntryOrder()

  /// Objects that are durable.
  private(set) var visibleCount = 0

  /// Those whose addresses are kept.
  private(set) var keptCount = 0

  subscript(index: UInt32) -> Entry { entries[Int(index)] }

  /// The entry at a place that may have been vacated since; nil when nothing is there.
  func entry(_ index: UInt32) -> Entry? {
    guard Int(index) < entries.count else { return nil }
    let entry = entries[Int(index)]
    return entry.isVisible || entry.isInFlight || entry.isKept ? entry : nil
  }

  /// The entry of this key in any phase.
  func find(_ key: Span<UInt8>, hash: UInt32) -> UInt32? {
    byKey.first(hash) { index in entries[Int(index)].object.hasKey(key) }
  }

  /// The same, of those that are `isMeant`: one that is about to go may have a successor.
  func find(_ key: Span<UInt8>, hash: UInt32, where isMeant: (UInt32) -> Bool) -> UInt32? {
    byKey.first(hash) { index in entries[Int(index)].object.hasKey(key) && isMeant(index) }
  }

  /// The entries that share the hash of a namespace and name; the caller compares.
  func sameName(_ nameHash: UInt32) -> [UInt32] {
    guard let head = byName.first(nameHash, where: { _ in true }) else { return [] }
    var found = [head]
    var index = entries[Int(head)].next
    while index != head {
      found.append(index)
      index = entries[Int(index)].next
    }
    return found
  }

  /// The places of all entries, in flight or held, whose object `isWanted`.
  func places(where isWanted: (PackedObject) -> Bool) -> [UInt32] {
    var places: [UInt32] = []
    for index in entries.indices {
      let entry = entries[index]
      guard entry.isVisible || entry.isInFlight || entry.isKept, isWanted(entry.object) else {
        continue
      }
      places.append(UInt32(index))
    }
    return places
  }

  /// Makes room for `count` entries at once.
  mutating func reserve(_ count: Int) {
    entries.reserveCapacity(count)
    byKey.reserve(count)
    byName.reserve(count)
  }

  mutating func insert(
    _ object: PackedObject, hash: UInt32, nameHash: UInt32?, phase: EntryPhase
  ) -> UInt32 {
    let index = vacant.popLast() ?? UInt32(entries.count)
    precondition(index < ObjectHandle.indexLimit, "a shard holds at most 2^26 objects")
    let entry = Entry(
      object: object, generation: 0, reservedAt: 0, hash: hash, next: index, previous: index,
      phase: phase)
    if Int(index) == entries.count { entries.append(entry) } else { entries[Int(index)] = entry }
    byKey.insert(hash, index)
    if let nameHash { link(index, nameHash) }
    order.inserted(index)
    return index
  }

  /// Adds a durable object at start; its key is behind those of all entries.
  ///
  /// It is not found before `mapRestored`.
  mutating func restore(
    _ stored: StoredObject, hash: UInt32, nameHash: UInt32?, isKept: Bool
  ) -> UInt32 {
    let index = UInt32(entries.count)
    precondition(index < ObjectHandle.indexLimit, "a shard holds at most 2^26 objects")
    entries.append(
      Entry(
        object: stored.object, generation: stored.generation, reservedAt: stored.reservedAt,
        hash: hash, next: index, previous: index, phase: isKept ? .kept : .held))
    if isKept { keptCount += 1 } else { visibleCount += 1 }
    if let nameHash { unmappedNames.append(nameHash) }
    order.appendSorted(index)
    return index
  }

  /// Makes everything found that was restored.
  mutating func mapRestored() {
    byKey.insert(entries.indices.map { HandleMap.Postponed(entries[$0].hash, UInt32($0)) })
    byName.reserve(unmappedNames.count)
    for (index, nameHash) in unmappedNames.enumerated() { link(UInt32(index), nameHash) }
    unmappedNames = []
  }

  /// The object became durable, or its replacement did.
  ///
  /// - Parameter object: the replacement; nil: what the entry came with.
  mutating func hold(
    _ index: UInt32, object: PackedObject? = nil, generation: UInt64, reservedAt: Int64
  ) {
    if !entries[Int(index)].phase.isVisible { visibleCount += 1 }
    if let object { entries[Int(index)].object = object }
    entries[Int(index)].generation = generation
    entries[Int(index)].reservedAt = reservedAt
    entries[Int(index)].phase = .held
  }

  /// Its owner has released it: from now on its addresses are kept.
  mutating func keep(_ index: UInt32, object: PackedObject) {
    if entries[Int(index)].phase.isVisible { visibleCount -= 1 }
    keptCount += 1
    entries[Int(index)].object = object
    entries[Int(index)].phase = .kept
  }

  mutating func setPhase(_ index: UInt32, _ phase: EntryPhase) {
    entries[Int(index)].phase = phase
  }

  mutating func remove(_ index: UInt32, nameHash: UInt32?) {
    if entries[Int(index)].phase.isVisible { visibleCount -= 1 }
    if entries[Int(index)].phase.isKept { keptCount -= 1 }
    byKey.remove(entries[Int(index)].hash, index)
    if let nameHash { unlink(index, nameHash) }
    if order.departed(index, live: byKey.count) {
      entries[Int(index)].phase = .departed
    } else {
      vacate(index)
    }
    for index in order.takeForgotten() { vacate(index) }
  }

  /// The visible entries after `key` in key order that `isWanted`, at most `limit`.
  mutating func page(_ query: EntryQuery, where isWanted: (Entry) -> Bool) -> EntryPage {
    for index in order.settle(entries) { vacate(index) }
    return order.page(entries, query, where: isWanted)
  }

  private mutating func vacate(_ index: UInt32) {
    entries[Int(index)].phase = .vacant
    entries[Int(index)].object = PackedObject(bytes: [])
    vacant.append(index)
  }

  private mutating func link(_ index: UInt32, _ nameHash: UInt32) {
    guard let head = byName.first(nameHash, where: { _ in true }) else {
      byName.insert(nameHash, index)
      return
    }
    let next = entries[Int(head)].next
    entries[Int(index)].next = next
    entries[Int(index)].previous = head
    entries[Int(head)].next = index
    entries[Int(next)].previous = index
  }

  private mutating func unlink(_ index: UInt32, _ nameHash: UInt32) {
    let next = entries[Int(index)].next
    let previous = entries[Int(index)].previous
    entries[Int(previous)].next = next
    entries[Int(next)].previous = previous
    guard byName.first(nameHash, where: { $0 == index }) != nil else { return }
    byName.remove(nameHash, index)
    if next != index { byName.insert(nameHash, next) }
  }
}
