import Addressing
import Allocation

/// Brings the derived tables up to what a window of records came to: at once, or slice by slice.
///
/// Unsafe expressions: the pointers are lent by arrays, and a statement that they are bound to has
/// run and is reset before the array takes them back.
struct Derivation: ~Copyable {
  private let readRecords: Statement
  private let state: StateTable
  private let findCursor: Statement
  private let replaceCursor: Statement
  private let deleteCursor: Statement
  private let insertTrail: Statement

  init(_ connection: borrowing Connection) throws(LedgerFault) {
    let readRecords = try connection.prepare(
      """
      SELECT \(RecordRow.columns) FROM record WHERE revision > ?1 ORDER BY revision LIMIT ?2
      """)
    let state = try StateTable("state", connection)
    let findCursor = try connection.prepare(
      "SELECT checksum FROM cursor WHERE node = ?1 AND family = ?2")
    let replaceCursor = try connection.prepare("REPLACE INTO cursor VALUES (?, ?, ?, ?, ?)")
    let deleteCursor = try connection.prepare("DELETE FROM cursor WHERE node = ?1 AND family = ?2")
    let insertTrail = try connection.prepare("INSERT OR IGNORE INTO trail VALUES (?, ?)")
    self.insertTrail = insertTrail
    self.readRecords = readRecords
    self.state = state
    self.findCursor = findCursor
    self.replaceCursor = replaceCursor
    self.deleteCursor = deleteCursor
  }

  /// The window of at most `count` records behind `revision`.
  func readWindow(
    _ count: Int, after revision: UInt64
  ) throws(LedgerFault) -> DerivationPlan {
    readRecords.bind(1, revision)
    readRecords.bind(2, Int64(count))
    defer { readRecords.reset() }
    return DerivationPlan(try DerivationWindow(readRecords, after: revision))
  }

  /// The window that another process has begun to apply.
  func resumedPlan(
    after revision: UInt64, through last: UInt64
  ) throws(LedgerFault) -> DerivationPlan {
    readRecords.bind(1, revision)
    readRecords.bind(2, last - revision)
    defer { readRecords.reset() }
    let window = try DerivationWindow(readRecords, after: revision)
    guard window.last == last else {
      throw .damage(table: "record", revision: window.last + 1, "it is missing")
    }
    return DerivationPlan(window, isResumed: true)
  }

  /// Applies at most `count` rows of a plan, or all that is left of it; in an open transaction.
  ///
  /// `meta` says how far that brings the tables; the plan is moved on by the caller, once the
  /// transaction is durable.
  ///
  /// - Returns: how many rows were applied.
  func apply(
    _ plan: DerivationPlan, atMost count: Int?, _ meta: inout LedgerMeta,
    _ connection: borrowing Connection
  ) throws(LedgerFault) -> Int {
    let rows = plan.next(atMost: count)
    try state.settle(rows.outcomes, isResumed: plan.isResumed, &meta.state, connection)
    for step in rows.trail {
      try unsafe withBytes(TrailKey.bytes(step.address)) { key throws(LedgerFault) in
        unsafe insertTrail.bind(1, blob: key)
        insertTrail.bind(2, step.revision)
        try insertTrail.run()
      }
    }
    meta.target = plan.last
    if rows.areLast {
      try moveCursors(plan, &meta)
      meta.derived = plan.last
      meta.target = 0
    }
    return rows.outcomes.count + rows.trail.count
  }

  private func moveCursors(
    _ plan: DerivationPlan, _ meta: inout LedgerMeta
  ) throws(LedgerFault) {
    for node in plan.droppedNodes {
      for family in IPFamily.allCases { try remove(node, family, &meta.cursors) }
    }
    for (key, cursor) in plan.cursors {
      try remove(key.node, key.family, &meta.cursors)
      try put(cursor, &meta.cursors)
    }
  }

  private func remove(
    _ node: [UInt8], _ family: IPFamily, _ digest: inout TableDigest
  ) throws(LedgerFault) {
    let old = try unsafe withBytes(node) { bytes throws(LedgerFault) -> UInt64? in
      unsafe findCursor.bind(1, blob: bytes)
      findCursor.bind(2, UInt64(family.rawValue))
      defer { findCursor.reset() }
      guard try findCursor.step() else { return nil }
      let old = findCursor.word(0)
      unsafe deleteCursor.bind(1, blob: bytes)
      deleteCursor.bind(2, UInt64(family.rawValue))
      try deleteCursor.run()
      return old
    }
    if let old { digest.remove(old) }
  }

  private func put(_ cursor: StoredCursor, _ digest: inout TableDigest) throws(LedgerFault) {
    let address = cursor.address
    let bytes = stride(from: address.family.bitWidth - 8, through: 0, by: -8)
      .map { UInt8(truncatingIfNeeded: address.value >> UInt128($0)) }
    try unsafe withBytes(cursor.node) { node throws(LedgerFault) in
      try unsafe withBytes(bytes) { bytes throws(LedgerFault) in
        let checksum = unsafe CursorRow.checksum(
          node: node, family: UInt64(address.family.rawValue), address: address.value,
          revision: cursor.revision)
        unsafe replaceCursor.bind(1, blob: node)
        replaceCursor.bind(2, UInt64(address.family.rawValue))
        unsafe replaceCursor.bind(3, blob: bytes)
        replaceCursor.bind(4, cursor.revision)
        replaceCursor.bind(5, checksum)
        try replaceCursor.run()
        digest.insert(checksum)
      }
    }
  }
}

/// An address as the trail's key: its family, then its bytes, the highest first.
enum TrailKey {
  static func bytes(_ address: IPAddress) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(17)
    bytes.append(address.family.rawValue)
    var shift = address.family.bitWidth
    while shift > 0 {
      shift -= 8
      bytes.append(UInt8(truncatingIfNeeded: address.value >> UInt128(shift)))
    }
    return bytes
  }
}

/// Lends the bytes of an array, never without an address: SQLite would read none as NULL.
func withBytes<Result>(
  _ array: [UInt8], _ body: (UnsafeRawBufferPointer) throws(LedgerFault) -> Result
) throws(LedgerFault) -> Result {
  guard array.isEmpty else {
    return try unsafe array.withUnsafeBufferPointer { buffer throws(LedgerFault) in
      try unsafe body(UnsafeRawBufferPointer(buffer))
    }
  }
  var nothing: UInt8 = 0
  return try unsafe withUnsafePointer(to: &nothing) { pointer throws(LedgerFault) in
    try unsafe body(UnsafeRawBufferPointer(start: pointer, count: 0))
  }
}
