import Addressing
import Allocation
import Glibc

/// An owner in a map: its kind and the key of its object.
///
/// Unsafe expressions: the pointers are lent by arrays and do not leave their closures.
struct OwnerKey: Hashable {
  let kind: ObjectKind
  let object: PackedObject

  private var length: Int { object.bodyStart }

  static func == (left: OwnerKey, right: OwnerKey) -> Bool {
    left.kind == right.kind && left.length == right.length && left.order(right) == 0
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    unsafe object.bytes.withUnsafeBytes { bytes in
      unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[0..<length]))
    }
  }

  /// The order of the table of state.
  func precedes(_ other: OwnerKey) -> Bool {
    if kind != other.kind { return kind.rawValue < other.kind.rawValue }
    let order = order(other)
    return order == 0 ? length < other.length : order < 0
  }

  /// Compares what both keys have, behind the two bytes of their lengths.
  private func order(_ other: OwnerKey) -> Int32 {
    let shared = min(length, other.length) - 2
    return unsafe object.bytes.withUnsafeBytes { left in
      unsafe other.object.bytes.withUnsafeBytes { right in
        guard let left = left.baseAddress, let right = right.baseAddress else {
          return 0
        }
        // Safe: both buffers hold two bytes and at least `shared` more.
        return unsafe memcmp(left + 2, right + 2, shared)
      }
    }
  }
}

/// What some consecutive records come to: the last word on each owner, and the cursors.
struct DerivationWindow {
  /// What became of one owner.
  struct Outcome {
    /// The first record of the window: only a reservation can begin without a row.
    let first: RecordType
    var last: LedgerRecord
  }

  /// The last word on an address.
  struct Holder {
    var last: LedgerRecord
    /// When whoever has it after that got it, in milliseconds since 1970.
    var since: Int64
    /// Its owner may have had it before the window, and has kept it all along.
    var isUnbroken: Bool

    init(_ record: LedgerRecord) {
      last = record
      since = record.time
      isUnbroken = record.kind == .service && record.type == .updated
    }

    /// Goes on with the next record on the address.
    mutating func follow(_ record: LedgerRecord, on address: IPAddress) {
      guard record.kind == .service, record.type == .updated, record.holds(address),
        last.holds(address), last.owner == record.owner
      else {
        self = Holder(record)
        isUnbroken = false
        return
      }
      last = record
    }
  }

  struct CursorKey: Hashable {
    let node: [UInt8]
    let family: IPFamily
  }

  private(set) var outcomes: [OwnerKey: Outcome] = [:]
  private(set) var cursors: [CursorKey: StoredCursor] = [:]

  /// Addresses with the records that are part of their history.
  private(set) var trail: [TrailStep] = []

  /// The last word on each address, where that is asked for.
  private(set) var holders: [IPAddress: Holder] = [:]

  private let keepsHolders: Bool

  /// When its newest record was written.
  private(set) var time: Int64 = 0

  /// Nodes that were released in the window: what the table says of their cursors is void.
  private(set) var droppedNodes: Set<[UInt8]> = []

  /// The newest revision in it.
  private(set) var last: UInt64

  /// Reads the rows of a statement that selects the columns of records, from `after` on.
  init(
    _ rows: borrowing Statement, after: UInt64, keepsHolders: Bool = false
  ) throws(LedgerFault) {
    last = after
    self.keepsHolders = keepsHolders
    while try rows.step() {
      let record = try RecordRow.read(rows)
      guard record.revision == last + 1 else {
        throw .damage(table: "record", revision: last + 1, "it is missing")
      }
      last = record.revision
      time = record.time
      add(record)
    }
  }

  private mutating func add(_ record: LedgerRecord) {
    let key = OwnerKey(kind: record.kind, object: record.object)
    let first = outcomes[key]?.first ?? record.type
    outcomes[key] = Outcome(first: first, last: record)
    for address in record.concerned {
      trail.append(TrailStep(address: address, revision: record.revision))
      guard keepsHolders else { continue }
      if holders[address]?.follow(record, on: address) == nil {
        holders[address] = Holder(record)
      }
    }
    switch (record.kind, record.type) {
    case (.pod, .reserved): addPod(record)
    case (.node, .reserved): addNode(record)
    case (.node, .released), (.node, .expired): drop(NodeObject(record.object).key)
    default: break
    }
  }

  /// Only a reservation hands addresses out: an update repeats what its object holds.
  private mutating func addPod(_ record: LedgerRecord) {
    let pod = PodObject(record.object)
    let addresses = pod.addresses
    guard addresses.contains(where: { $0.isAutomatic }) else { return }
    let node = pod.cursorName
    for address in addresses.array where address.isAutomatic {
      move(node, address.address, record.revision)
    }
  }

  private mutating func addNode(_ record: LedgerRecord) {
    let node = NodeObject(record.object)
    guard !node.isExplicit else { return }
    for block in node.podCIDRs { move([], block.base, record.revision) }
  }

  private mutating func move(_ node: [UInt8], _ address: IPAddress, _ revision: UInt64) {
    cursors[CursorKey(node: node, family: address.family)] = StoredCursor(
      node: node, address: address, revision: revision)
  }

  private mutating func drop(_ node: [UInt8]) {
    droppedNodes.insert(node)
    for family in IPFamily.allCases { cursors[CursorKey(node: node, family: family)] = nil }
  }
}

/// In the order of the tables, so that neighbours share their pages.
extension DerivationWindow {
  var sortedTrail: [TrailStep] { trail.sorted() }

  var sortedOutcomes: [Outcome] {
    // The keys side by side: to compare them counts no references.
    var bytes: [UInt8] = []
    var keys: [SortKey] = []
    keys.reserveCapacity(outcomes.count)
    for index in outcomes.indices {
      let key = outcomes[index].key
      let start = bytes.count
      bytes.append(contentsOf: key.object.bytes[2..<key.object.bodyStart])
      keys.append(
        SortKey(kind: key.kind.rawValue, start: start, count: bytes.count - start, index: index))
    }
    unsafe bytes.withUnsafeBytes { bytes in
      // Safe: `start` and `count` are of bytes in the buffer.
      keys.sort { unsafe $0.precedes($1, in: bytes) }
    }
    return keys.map { outcomes[$0.index].value }
  }

  /// The place of a key among the bytes of all, and of its outcome.
  private struct SortKey {
    let kind: UInt8
    let start: Int
    let count: Int
    let index: Dictionary<OwnerKey, Outcome>.Index

    func precedes(_ other: SortKey, in bytes: UnsafeRawBufferPointer) -> Bool {
      guard kind == other.kind else { return kind < other.kind }
      guard let base = bytes.baseAddress else { return false }
      let order = unsafe memcmp(base + start, base + other.start, min(count, other.count))
      return order == 0 ? count < other.count : order < 0
    }
  }
}

/// A record that is part of an address's history.
struct TrailStep: Comparable {
  let address: IPAddress
  let revision: UInt64

  static func < (left: TrailStep, right: TrailStep) -> Bool {
    left.address == right.address ? left.revision < right.revision : left.address < right.address
  }
}
