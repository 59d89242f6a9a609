import Addressing
import Allocation

/// Brings the derived tables up to what a window of records came to.
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

  /// Applies at most `count` records behind `meta.derived` and moves it; in an open transaction.
  func apply(
    _ count: Int, _ meta: inout LedgerMeta, _ connection: borrowing Connection
  ) throws(LedgerFault) {
    let window = try readWindow(count, &meta)
    try state.settle(window, &meta.state, connection)
    for step in window.trail.sorted(by: { ($0.address, $0.revision) < ($1.address, $1.revision) }) {
      try unsafe withBytes(TrailKey.bytes(step.address)) { key throws(LedgerFault) in
        unsafe insertTrail.bind(1, blob: key)
        insertTrail.bind(2, step.revision)
        try insertTrail.run()
      }
    }
    for node in window.droppedNodes {
      for family in IPFamily.allCases { try remove(node, family, &meta.cursors) }
    }
    for (key, cursor) in window.cursors {
      try remove(key.node, key.family, &meta.cursors)
      try put(cursor, &meta.cursors)
    }
  }

  private func readWindow(
    _ count: Int, _ meta: inout LedgerMeta
  ) throws(LedgerFault) -> DerivationWindow {
    readRecords.bind(1, meta.derived)
    readRecords.bind(2, Int64(count))
    defer { readRecords.reset() }
    let window = try DerivationWindow(readRecords, after: meta.derived)
    meta.derived = window.last
    return window
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
    [address.family.rawValue]
      + stride(from: address.family.bitWidth - 8, through: 0, by: -8)
      .map { UInt8(truncatingIfNeeded: address.value >> UInt128($0)) }
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
