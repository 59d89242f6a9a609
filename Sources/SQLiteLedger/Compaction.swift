/// How far the ledger is compacted, and what must be found in `base`.
struct Compaction: Equatable, Sendable {
  /// The first revision whose record is kept, or would be if there were one.
  var oldest: UInt64 = 1

  /// When the record before `oldest` was written; 0 when there never was one.
  var time: Int64 = 0

  /// The rows of the state as it was before `oldest`.
  var base = TableDigest()

  private var checksum: UInt64 {
    var hash = RowHash(table: 5)
    for word in [oldest, UInt64(bitPattern: time), base.count, base.sum] { hash.add(word) }
    return hash.checksum
  }

  static let updateSQL = """
    UPDATE compaction SET oldest = ?1, time = ?2, base_count = ?3, base_sum = ?4, checksum = ?5
    WHERE id = 1
    """

  init() {}

  /// Reads and verifies the one row.
  init(_ connection: borrowing Connection) throws(LedgerFault) {
    let row = try connection.prepare(
      "SELECT oldest, time, base_count, base_sum, checksum FROM compaction")
    guard try row.step() else {
      throw .damage(place: "table compaction", cause: "its row is missing")
    }
    oldest = row.word(0)
    time = row.integer(1)
    base = TableDigest(count: row.word(2), sum: row.word(3))
    guard row.word(4) == checksum, oldest > 0 else {
      throw .damage(place: "table compaction", cause: "the checksum does not match")
    }
  }

  func insert(into connection: borrowing Connection) throws(LedgerFault) {
    try connection.execute("INSERT INTO compaction (id) VALUES (1)")
    try update(connection.prepare(Self.updateSQL))
  }

  /// Runs `updateSQL`.
  func update(_ statement: borrowing Statement) throws(LedgerFault) {
    statement.bind(1, oldest)
    statement.bind(2, time)
    statement.bind(3, base.count)
    statement.bind(4, base.sum)
    statement.bind(5, checksum)
    try statement.run()
  }

  /// The newest record that there has been up to now, when all are removed.
  var last: (revision: UInt64, time: Int64) { (oldest - 1, time) }
}
