import AddressBitmap
import Allocation

/// A statement that inserts a number of records, and what it is bound to.
///
/// To bind a value costs as much as what SQLite then does with it. Values stay bound from one run
/// to the next, so those that most records share are bound once.
///
/// Unsafe expressions: all pointers lead into the arena or to the lasting actor; both keep them
/// until the statement has run, and what led to a former actor is bound anew before that.
struct RecordStatement: ~Copyable {
  /// What a row is bound to, of what records share.
  private struct Row {
    var type: UInt8 = 0
    var kind: UInt8 = 0
    /// The number of the lasting actor; 0: bytes that do not last.
    var actor = 0
  }

  /// How many records it inserts.
  let count: Int

  /// Whether it says the revision of its record.
  ///
  /// Otherwise SQLite counts on from the last row of the table, which it finds without a search.
  private let saysRevision: Bool

  private let statement: Statement
  private var rows = UniqueBuffer<Row>()
  private var time: Int64?

  /// Of one row; in front of those of all rows stands the time.
  private static let parameterCount: Int32 = 6

  init(
    rows count: Int, saysRevision: Bool, _ connection: borrowing Connection
  ) throws(LedgerFault) {
    precondition(count == 1 || !saysRevision, "one record's revision is said")
    self.count = count
    self.saysRevision = saysRevision
    statement = try connection.prepare(Self.sql(rows: count, saysRevision: saysRevision))
    for _ in 0..<count { rows.append(Row()) }
  }

  private static func sql(rows: Int, saysRevision: Bool) -> String {
    let values = (0..<rows).map { row in
      let own = (0..<parameterCount).map { "?\(position(row) + $0)" }.joined(separator: ", ")
      return "(?1, \(own)\(saysRevision ? ", ?\(position(rows))" : ""))"
    }
    let columns = "time, type, kind, owner, actor, body, checksum"
    return "INSERT INTO record (\(columns)\(saysRevision ? ", revision" : "")) VALUES "
      + values.joined(separator: ", ")
  }

  /// Of a row's first parameter.
  private static func position(_ row: Int) -> Int32 { 2 + Int32(row) * parameterCount }

  /// Inserts the changes from `start` on as records from `revision` on.
  mutating func insert(
    _ changes: borrowing UniqueBuffer<Change>, from start: Int, revision: UInt64, time: Int64,
    _ actor: borrowing LastingText, _ arena: inout RowArena
  ) throws(LedgerFault) {
    arena.prepare(Self.byteCount(changes, start..<(start + count)))
    if time != self.time { statement.bind(1, time) }
    self.time = time
    for row in 0..<count {
      bind(
        changes[start + row], to: row, revision: revision + UInt64(row), time: time, actor, &arena)
    }
    if saysRevision { statement.bind(Self.position(count), revision) }
    try statement.run()
    let last = revision + UInt64(count) - 1
    guard statement.lastRow == last else {
      throw .damage(table: "record", revision: last, "another record stands in its place")
    }
  }

  private static func byteCount(
    _ changes: borrowing UniqueBuffer<Change>, _ range: Range<Int>
  ) -> Int {
    var count = 0
    for index in range {
      count += changes[index].object.bytes.count + changes[index].actor.utf8.count
    }
    return count
  }

  private mutating func bind(
    _ change: borrowing Change, to row: Int, revision: UInt64, time: Int64,
    _ actor: borrowing LastingText, _ arena: inout RowArena
  ) {
    let position = Self.position(row)
    let object = unsafe change.object.bytes.withUnsafeBytes { unsafe arena.add($0) }
    let split = change.object.bodyStart
    let owner = unsafe UnsafeRawBufferPointer(rebasing: object[2..<split])
    let body = unsafe UnsafeRawBufferPointer(rebasing: object[split...])
    let type = change.type.rawValue
    let kind = change.kind.rawValue
    if rows[row].type != type { statement.bind(position, UInt64(type)) }
    if rows[row].kind != kind { statement.bind(position + 1, UInt64(kind)) }
    unsafe statement.bind(position + 2, blob: owner)
    let name: UnsafeRawBufferPointer
    if change.actor == actor.text {
      unsafe name = actor.bytes
      if rows[row].actor != actor.number { unsafe statement.bind(position + 3, text: name) }
      rows[row] = Row(type: type, kind: kind, actor: actor.number)
    } else {
      var text = change.actor
      unsafe name = text.withUTF8 { unsafe arena.add(UnsafeRawBufferPointer($0)) }
      unsafe statement.bind(position + 3, text: name)
      rows[row] = Row(type: type, kind: kind, actor: 0)
    }
    unsafe statement.bind(position + 4, blob: body)
    statement.bind(
      position + 5,
      unsafe RecordRow.checksum(
        revision: revision, time: time, type: UInt64(type), kind: UInt64(kind), owner: owner,
        actor: name, body: body))
  }
}
