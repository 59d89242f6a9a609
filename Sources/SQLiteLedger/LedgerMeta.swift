/// What the ledger knows of itself: how far the state is derived, and what must be found there.
struct LedgerMeta: Equatable, Sendable {
  /// The newest revision that the derived tables contain.
  var derived: UInt64 = 0

  /// The newest revision when this was written; later ones may exist, earlier ends may not.
  var newest: UInt64 = 0

  var state = TableDigest()
  var cursors = TableDigest()

  private var checksum: UInt64 {
    var hash = RowHash(table: 4)
    for word in [derived, newest, state.count, state.sum, cursors.count, cursors.sum] {
      hash.add(word)
    }
    return hash.checksum
  }

  static let columns = "derived, newest, state_count, state_sum, cursor_count, cursor_sum"

  static let updateSQL = """
    UPDATE meta SET derived = ?1, newest = ?2, state_count = ?3, state_sum = ?4,
    cursor_count = ?5, cursor_sum = ?6, checksum = ?7 WHERE id = 1
    """

  /// Nothing is derived yet.
  init(newest: UInt64 = 0) { self.newest = newest }

  /// Reads and verifies the one row.
  init(_ connection: borrowing Connection) throws(LedgerFault) {
    let statement = try connection.prepare("SELECT \(Self.columns), checksum FROM meta")
    guard try statement.step() else {
      throw .damage(place: "table meta", cause: "its row is missing")
    }
    derived = statement.word(0)
    newest = statement.word(1)
    state = TableDigest(count: statement.word(2), sum: statement.word(3))
    cursors = TableDigest(count: statement.word(4), sum: statement.word(5))
    guard statement.word(6) == checksum, derived <= newest else {
      throw .damage(place: "table meta", cause: "the checksum does not match")
    }
  }

  func insert(into connection: borrowing Connection) throws(LedgerFault) {
    try connection.execute("INSERT INTO meta (id) VALUES (1)")
    try update(connection.prepare(Self.updateSQL))
  }

  /// Runs `updateSQL`.
  func update(_ statement: borrowing Statement) throws(LedgerFault) {
    let words = [derived, newest, state.count, state.sum, cursors.count, cursors.sum, checksum]
    for (index, word) in words.enumerated() { statement.bind(Int32(index + 1), word) }
    try statement.run()
  }
}
