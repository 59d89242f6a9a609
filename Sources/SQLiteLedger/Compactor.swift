import Allocation

/// Removes the oldest records, and keeps what they came to.
///
/// Unsafe expressions: the pointers are lent by arrays, and a statement that they are bound to has
/// run and is reset before the array takes them back.
struct Compactor: ~Copyable {
  private let readRecords: Statement
  private let base: StateTable
  private let replaceHolder: Statement
  private let deleteHolder: Statement
  private let deleteTrail: Statement
  private let keepEnds: Statement
  private let dropEnds: Statement
  private let deleteRecords: Statement
  private let write: Statement

  /// The longest time that a released address can be set to rest, in milliseconds.
  private static let longestRest: Int64 = 86_400_000

  init(_ connection: borrowing Connection) throws(LedgerFault) {
    let readRecords = try connection.prepare(
      """
      SELECT \(RecordRow.columns) FROM record WHERE revision >= ?1 ORDER BY revision LIMIT ?2
      """)
    let base = try StateTable("base", connection)
    // An owner who has kept it all along has had it since the moment that stands there.
    let replaceHolder = try connection.prepare(
      """
      INSERT INTO base_trail VALUES (?1, ?2, ?3, ?4) ON CONFLICT (address) DO UPDATE
      SET kind = ?2, owner = ?3, since = ?4 WHERE NOT (?5 AND kind = ?2 AND owner = ?3)
      """)
    let deleteHolder = try connection.prepare("DELETE FROM base_trail WHERE address = ?1")
    let deleteTrail = try connection.prepare(
      "DELETE FROM trail WHERE address = ?1 AND revision = ?2")
    let ends = [RecordType.released, .expired].map { "\($0.rawValue)" }.joined(separator: ", ")
    let keepEnds = try connection.prepare(
      """
      INSERT OR REPLACE INTO rest SELECT * FROM record
      WHERE revision < ?1 AND type IN (\(ends)) AND time >= ?2
      """)
    // Times never decrease: what is too old stands in front.
    let dropEnds = try connection.prepare(
      """
      DELETE FROM rest WHERE revision < ifnull(
        (SELECT revision FROM rest WHERE time >= ?1 ORDER BY revision LIMIT 1), \(Int64.max))
      """)
    let deleteRecords = try connection.prepare("DELETE FROM record WHERE revision < ?1")
    let write = try connection.prepare(Compaction.updateSQL)
    self.readRecords = readRecords
    self.base = base
    self.replaceHolder = replaceHolder
    self.deleteHolder = deleteHolder
    self.deleteTrail = deleteTrail
    self.keepEnds = keepEnds
    self.dropEnds = dropEnds
    self.deleteRecords = deleteRecords
    self.write = write
  }

  /// Removes the `count` oldest records, which are all derived; in an open transaction.
  ///
  /// - Parameter now: the time of the ledger's newest record.
  func apply(
    _ count: UInt64, now: Int64, _ compaction: inout Compaction,
    _ connection: borrowing Connection
  ) throws(LedgerFault) {
    let window = try readWindow(count, compaction.oldest)
    guard window.last == compaction.oldest + count - 1 else {
      throw .damage(table: "record", revision: window.last + 1, "it is missing")
    }
    try base.settle(window.sortedOutcomes[...], &compaction.base, connection)
    try moveHolders(window)
    compaction.oldest = window.last + 1
    compaction.time = window.time
    keepEnds.bind(1, compaction.oldest)
    keepEnds.bind(2, now - Self.longestRest)
    try keepEnds.run()
    dropEnds.bind(1, now - Self.longestRest)
    try dropEnds.run()
    deleteRecords.bind(1, compaction.oldest)
    try deleteRecords.run()
    try compaction.update(write)
  }

  private func readWindow(
    _ count: UInt64, _ oldest: UInt64
  ) throws(LedgerFault) -> DerivationWindow {
    readRecords.bind(1, oldest)
    readRecords.bind(2, count)
    defer { readRecords.reset() }
    return try DerivationWindow(readRecords, after: oldest - 1, keepsHolders: true)
  }

  private func moveHolders(_ window: DerivationWindow) throws(LedgerFault) {
    for step in window.sortedTrail {
      try unsafe withBytes(TrailKey.bytes(step.address)) { key throws(LedgerFault) in
        unsafe deleteTrail.bind(1, blob: key)
        deleteTrail.bind(2, step.revision)
        try deleteTrail.run()
      }
    }
    for (address, holder) in window.holders.sorted(by: { $0.key < $1.key }) {
      let record = holder.last
      try unsafe withBytes(TrailKey.bytes(address)) { key throws(LedgerFault) in
        guard record.holds(address) || !record.isEnd && record.kind == .pod else {
          unsafe deleteHolder.bind(1, blob: key)
          return try deleteHolder.run()
        }
        try unsafe withBytes(record.object.bytes) { bytes throws(LedgerFault) in
          unsafe replaceHolder.bind(1, blob: key)
          replaceHolder.bind(2, UInt64(record.kind.rawValue))
          unsafe replaceHolder.bind(
            3, blob: UnsafeRawBufferPointer(rebasing: bytes[2..<record.object.bodyStart]))
          replaceHolder.bind(4, holder.since)
          replaceHolder.bind(5, Int64(holder.isUnbroken ? 1 : 0))
          try replaceHolder.run()
        }
      }
    }
  }
}
