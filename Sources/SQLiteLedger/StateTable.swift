import Allocation

/// Writes to a table of the state: that of now, or that before the oldest record.
///
/// Unsafe expressions: the pointers are lent by arrays, and a statement that they are bound to has
/// run and is reset before the array takes them back.
struct StateTable: ~Copyable {
  private let name: String
  private let findRow: Statement
  private let insertRow: Statement
  private let replaceRow: Statement
  private let deleteRow: Statement

  init(_ name: String, _ connection: borrowing Connection) throws(LedgerFault) {
    let findRow = try connection.prepare(
      "SELECT checksum FROM \(name) WHERE kind = ?1 AND owner = ?2")
    let insertRow = try connection.prepare(
      "INSERT OR IGNORE INTO \(name) VALUES (?, ?, ?, ?, ?, ?)")
    let replaceRow = try connection.prepare("REPLACE INTO \(name) VALUES (?, ?, ?, ?, ?, ?)")
    let deleteRow = try connection.prepare("DELETE FROM \(name) WHERE kind = ?1 AND owner = ?2")
    self.name = name
    self.findRow = findRow
    self.insertRow = insertRow
    self.replaceRow = replaceRow
    self.deleteRow = deleteRow
  }

  /// Brings the table, and what is counted of it, behind some outcomes of a window.
  ///
  /// - Parameter isResumed: some of them may have been written before a restart.
  func settle(
    _ outcomes: ArraySlice<DerivationWindow.Outcome>, isResumed: Bool = false,
    _ digest: inout TableDigest, _ connection: borrowing Connection
  ) throws(LedgerFault) {
    for outcome in outcomes { try settle(outcome, isResumed, &digest, connection) }
  }

  private func settle(
    _ outcome: DerivationWindow.Outcome, _ isResumed: Bool, _ digest: inout TableDigest,
    _ connection: borrowing Connection
  ) throws(LedgerFault) {
    let record = outcome.last
    if outcome.first == .reserved {
      // Reserved and released in one window: the table never hears of it.
      if record.isEnd { return }
      if let checksum = try write(record, insertRow), connection.changes == 1 {
        return digest.insert(checksum)
      }
    }
    let key = OwnerKey(kind: record.kind, object: record.object)
    guard let old = try find(key) else {
      // What is drained, excluded or removed first may be there by configuration.
      if record.kind == .range {
        if !record.isEnd, let checksum = try write(record, insertRow) { digest.insert(checksum) }
        return
      }
      if isResumed, record.isEnd { return }
      throw .damage(
        table: name, revision: record.revision, "the object that it changes is missing")
    }
    digest.remove(old)
    if record.isEnd {
      try delete(key)
    } else if let checksum = try write(record, replaceRow) {
      digest.insert(checksum)
    }
  }

  private func find(_ key: OwnerKey) throws(LedgerFault) -> UInt64? {
    try withKey(key, findRow) { statement throws(LedgerFault) in
      try statement.step() ? statement.word(0) : nil
    }
  }

  private func delete(_ key: OwnerKey) throws(LedgerFault) {
    _ = try withKey(key, deleteRow) { statement throws(LedgerFault) in
      try statement.step() ? 1 : 0
    }
  }

  /// Runs a statement whose parameters are a kind and an owner.
  private func withKey(
    _ key: OwnerKey, _ statement: borrowing Statement,
    _ body: (borrowing Statement) throws(LedgerFault) -> UInt64?
  ) throws(LedgerFault) -> UInt64? {
    try unsafe withBytes(key.object.bytes) { bytes throws(LedgerFault) in
      statement.bind(1, UInt64(key.kind.rawValue))
      unsafe statement.bind(
        2, blob: UnsafeRawBufferPointer(rebasing: bytes[2..<key.object.bodyStart]))
      defer { statement.reset() }
      return try body(statement)
    }
  }

  /// Writes the row that a record comes to; answers its checksum.
  private func write(
    _ record: LedgerRecord, _ statement: borrowing Statement
  ) throws(LedgerFault) -> UInt64? {
    let origin = record.origin
    let generation = origin.generation(in: record.revision)
    let reservedAt = origin.reservedAt ?? record.time
    let kind = UInt64(record.kind.rawValue)
    let split = record.object.bodyStart
    return try unsafe withBytes(record.object.bytes) { bytes throws(LedgerFault) in
      let owner = unsafe UnsafeRawBufferPointer(rebasing: bytes[2..<split])
      let body = unsafe UnsafeRawBufferPointer(rebasing: bytes[split...])
      let checksum = unsafe StateRow.checksum(
        kind: kind, owner: owner, generation: generation, reservedAt: reservedAt, body: body)
      statement.bind(1, kind)
      unsafe statement.bind(2, blob: owner)
      statement.bind(3, generation)
      statement.bind(4, reservedAt)
      unsafe statement.bind(5, blob: body)
      statement.bind(6, checksum)
      try statement.run()
      return checksum
    }
  }
}
