import AddressBitmap
import Allocation

/// Inserts the records of batches, many to a statement.
struct RecordInserter: ~Copyable {
  /// How many records a statement inserts; each size twice or more fits into the one before.
  ///
  /// By instructions of SQLite a record: 3,940 in 32 rows, 4,200 in eight, 5,950 in one.
  private static let sizes = [32, 8, 2, 1]

  private var first: RecordStatement
  private var statements: UniqueBuffer<RecordStatement>
  private var arena = RowArena()

  /// Of most records: clients differ less often than their requests.
  private var actor = LastingText()

  /// Whether the next record goes behind the last row of the table.
  private var goesOn = false

  init(_ connection: borrowing Connection) throws(LedgerFault) {
    var statements = UniqueBuffer<RecordStatement>()
    for size in Self.sizes {
      statements.append(try RecordStatement(rows: size, saysRevision: false, connection))
    }
    first = try RecordStatement(rows: 1, saysRevision: true, connection)
    self.statements = statements
  }

  /// The table may have another last row than what was appended, or none: the next record's
  /// revision is said.
  mutating func beginAnew() { goesOn = false }

  /// Adds change i as the record `firstRevision + i`.
  mutating func append(
    _ changes: borrowing UniqueBuffer<Change>, firstRevision: UInt64, time: Int64
  ) throws(LedgerFault) {
    var index = 0
    while index < changes.count {
      actor.set(changes[index].actor)
      let revision = firstRevision + UInt64(index)
      guard goesOn else {
        try first.insert(changes, from: index, revision: revision, time: time, actor, &arena)
        goesOn = true
        index += first.count
        continue
      }
      var size = 0
      while statements[size].count > changes.count - index { size += 1 }
      try statements[size].insert(
        changes, from: index, revision: revision, time: time, actor, &arena)
      index += statements[size].count
    }
  }
}
