internal import Addressing
package import Allocation

/// Each reading has a connection and a snapshot of its own: it never makes the writer wait.
extension SQLiteLedger {
  package func readState(
    _ body: (StoredObject) throws(LedgerFailure) -> Void
  ) throws(LedgerFailure) {
    try reading { reader throws(LedgerFault) in
      let expected = try LedgerMeta(reader).state
      var found = TableDigest()
      let rows = try reader.prepare(StateRow.selectSQL())
      for kind in [ObjectKind.range, .node, .service, .pod] {
        // What a window on its way has a word on is as it says, whatever has arrived of it.
        var coming = plan?.objects(of: kind)[...] ?? []
        rows.reset()
        rows.bind(1, UInt64(kind.rawValue))
        while try rows.step() {
          let object = try StateRow.read(rows, kind: kind)
          found.insert(rows.word(StateRow.checksumColumn))
          let key = OwnerKey(kind: kind, object: object.object)
          while let next = coming.first, next.key.precedes(key) {
            if let object = next.object { try lend(object, to: body) }
            coming.removeFirst()
          }
          if coming.first?.key == key { continue }
          try lend(object, to: body)
        }
        for next in coming {
          if let object = next.object { try lend(object, to: body) }
        }
      }
      try Self.compare(found, expected, table: "state")
    }
  }

  package func readCursors(
    _ body: (StoredCursor) throws(LedgerFailure) -> Void
  ) throws(LedgerFailure) {
    try reading { reader throws(LedgerFault) in
      let expected = try LedgerMeta(reader).cursors
      var found = TableDigest()
      let rows = try reader.prepare(CursorRow.selectSQL)
      while try rows.step() {
        let cursor = try CursorRow.read(rows)
        found.insert(rows.word(CursorRow.checksumColumn))
        let key = DerivationWindow.CursorKey(node: cursor.node, family: cursor.address.family)
        let isVoid = plan?.cursors[key] != nil || plan?.droppedNodes.contains(cursor.node) == true
        if !isVoid { try lend(cursor, to: body) }
      }
      for cursor in plan?.cursors.values.map(\.self) ?? [] { try lend(cursor, to: body) }
      try Self.compare(found, expected, table: "cursor")
    }
  }

  package func readTail(
    _ body: (LedgerRecord) throws(LedgerFailure) -> Void
  ) throws(LedgerFailure) {
    try reading { reader throws(LedgerFault) in
      let meta = try LedgerMeta(reader)
      var last = max(meta.derived, meta.target)
      let rows = try reader.prepare(
        "SELECT \(RecordRow.columns) FROM record WHERE revision > ?1 ORDER BY revision")
      rows.bind(1, last)
      while try rows.step() {
        let record = try RecordRow.read(rows)
        try Self.require(record.revision, last + 1)
        last = record.revision
        try lend(record, to: body)
      }
      try Self.require(last, newestRevision)
    }
  }

  package func readBack(
    to time: Int64, endsOnly: Bool, _ body: (LedgerRecord) throws(LedgerFailure) -> Void
  ) throws(LedgerFailure) {
    try reading { reader throws(LedgerFault) in
      let oldest = try Compaction(reader).oldest
      let first = try firstRevision(since: time, oldest: oldest, reader)
      let ends = [RecordType.released, .expired].map { "\($0.rawValue)" }
      let filter = endsOnly ? "AND type IN (\(ends.joined(separator: ", ")))" : ""
      let rows = try reader.prepare(
        """
        SELECT \(RecordRow.columns) FROM record WHERE revision >= ?1 \(filter)
        ORDER BY revision DESC
        """)
      rows.bind(1, first)
      var next = newestRevision
      while try rows.step() {
        let record = try RecordRow.read(rows)
        if !endsOnly { try Self.require(record.revision, next) }
        next = record.revision - 1
        try lend(record, to: body)
      }
      if !endsOnly {
        try Self.require(next, first - 1)
      } else if first == oldest {
        try readRemovedEnds(reader, to: time, body)
      }
    }
  }

  /// The ends that are kept of records that were removed, the newest first.
  private func readRemovedEnds(
    _ reader: borrowing Connection, to time: Int64,
    _ body: (LedgerRecord) throws(LedgerFailure) -> Void
  ) throws(LedgerFault) {
    let rows = try reader.prepare(
      "SELECT \(RecordRow.columns) FROM rest WHERE time >= ?1 ORDER BY revision DESC")
    rows.bind(1, time)
    while try rows.step() { try lend(try RecordRow.read(rows), to: body) }
  }

  /// The first record that is not older than `time`, in milliseconds since 1970: the one behind the
  /// newest when all are.
  package func firstRevision(since time: Int64) throws(LedgerFailure) -> UInt64 {
    var first: UInt64 = 1
    try reading { reader throws(LedgerFault) in
      first = try firstRevision(since: time, oldest: try Compaction(reader).oldest, reader)
    }
    return first
  }

  /// The first record that is not older than `time`, by halving: times never decrease.
  private func firstRevision(
    since time: Int64, oldest: UInt64, _ reader: borrowing Connection
  ) throws(LedgerFault) -> UInt64 {
    let row = try reader.prepare("SELECT time FROM record WHERE revision = ?1")
    var low = oldest
    var high = newestRevision + 1
    while low < high {
      let middle = low + (high - low) / 2
      row.reset()
      row.bind(1, middle)
      guard try row.step() else {
        throw .damage(table: "record", revision: middle, "it is missing")
      }
      if row.integer(0) < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Opens a connection and a snapshot for one reading.
  private func reading(
    _ body: (borrowing Connection) throws(LedgerFault) -> Void
  ) throws(LedgerFailure) {
    do throws(LedgerFault) {
      let reader = try Connection.open(files.path, .readOnly)
      try reader.execute("BEGIN")
      try body(reader)
    } catch {
      throw error.failure
    }
  }

  private func lend<Row>(
    _ row: Row, to body: (Row) throws(LedgerFailure) -> Void
  ) throws(LedgerFault) {
    do throws(LedgerFailure) { try body(row) } catch { throw .caller(error) }
  }

  private static func require(_ revision: UInt64, _ expected: UInt64) throws(LedgerFault) {
    guard revision == expected else {
      throw .damage(table: "record", revision: expected, "it is missing")
    }
  }

  private static func compare(
    _ found: TableDigest, _ expected: TableDigest, table: String
  ) throws(LedgerFault) {
    guard found == expected else {
      throw .damage(
        place: "table \(table)",
        cause:
          "\(found.count) rows are there and \(expected.count) expected, or one is not the last")
    }
  }
}
