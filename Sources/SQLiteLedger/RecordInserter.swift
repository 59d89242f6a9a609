import AddressBitmap
import Allocation

/// Inserts the records of batches: eight rows to a statement, then the rest one by one.
///
/// Each object's bytes are copied once, into an arena that the statement binds from.
///
/// Unsafe expressions: all pointers lead into the arena, which keeps them until the statement has
/// run.
struct RecordInserter: ~Copyable {
  /// By instructions a record: four rows cost a tenth more, sixteen save two in a hundred and leave
  /// more of a small batch to be inserted one by one.
  private static let rowsPerStatement = 8

  private static let columnCount: Int32 = 8

  private let many: Statement
  private let one: Statement
  private var arena: RowArena

  init(_ connection: borrowing Connection) throws(LedgerFault) {
    let many = try connection.prepare(Self.sql(rows: Self.rowsPerStatement))
    let one = try connection.prepare(Self.sql(rows: 1))
    self.many = many
    self.one = one
    arena = RowArena()
  }

  private static func sql(rows: Int) -> String {
    let row = "(?, ?, ?, ?, ?, ?, ?, ?)"
    return "INSERT INTO record VALUES " + Array(repeating: row, count: rows).joined(separator: ",")
  }

  /// Adds change i as the record `firstRevision + i`.
  mutating func append(
    _ changes: borrowing UniqueBuffer<Change>, firstRevision: UInt64, time: Int64
  ) throws(LedgerFault) {
    var index = 0
    while index < changes.count {
      let rows = changes.count - index < Self.rowsPerStatement ? 1 : Self.rowsPerStatement
      arena.prepare(Self.byteCount(changes, index..<(index + rows)))
      for row in 0..<rows {
        bind(
          changes[index + row], position: Int32(row) * Self.columnCount + 1, isOne: rows == 1,
          revision: firstRevision + UInt64(index + row), time: time)
      }
      if rows == 1 { try one.run() } else { try many.run() }
      index += rows
    }
  }

  private static func byteCount(
    _ changes: borrowing UniqueBuffer<Change>, _ rows: Range<Int>
  ) -> Int {
    var count = 0
    for row in rows {
      count += changes[row].object.bytes.count + changes[row].actor.utf8.count
    }
    return count
  }

  private mutating func bind(
    _ change: borrowing Change, position: Int32, isOne: Bool, revision: UInt64, time: Int64
  ) {
    // Safe: the arena keeps the copied bytes in place until the statement has run.
    let object = unsafe change.object.bytes.withUnsafeBytes { unsafe arena.add($0) }
    let split = change.object.bodyStart
    let owner = unsafe UnsafeRawBufferPointer(rebasing: object[2..<split])
    let body = unsafe UnsafeRawBufferPointer(rebasing: object[split...])
    var text = change.actor
    let actor = text.withUTF8 { unsafe arena.add(UnsafeRawBufferPointer($0)) }
    let type = UInt64(change.type.rawValue)
    let kind = UInt64(change.kind.rawValue)
    let checksum = unsafe RecordRow.checksum(
      revision: revision, time: time, type: type, kind: kind, owner: owner, actor: actor,
      body: body)
    if isOne {
      unsafe Self.bind(one, position, revision, time, type, kind, owner, actor, body, checksum)
    } else {
      unsafe Self.bind(many, position, revision, time, type, kind, owner, actor, body, checksum)
    }
  }

  private static func bind(
    _ statement: borrowing Statement, _ position: Int32, _ revision: UInt64, _ time: Int64,
    _ type: UInt64, _ kind: UInt64, _ owner: UnsafeRawBufferPointer,
    _ actor: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, _ checksum: UInt64
  ) {
    statement.bind(position, revision)
    statement.bind(position + 1, time)
    statement.bind(position + 2, type)
    statement.bind(position + 3, kind)
    unsafe statement.bind(position + 4, blob: owner)
    unsafe statement.bind(position + 5, text: actor)
    unsafe statement.bind(position + 6, blob: body)
    statement.bind(position + 7, checksum)
  }
}
