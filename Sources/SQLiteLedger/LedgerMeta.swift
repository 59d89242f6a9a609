/// What the ledger knows of itself: how far the state is derived, and what must be found there.
struct LedgerMeta: Equatable, Sendable {
  /// The newest revision that the derived tables contain.
  var derived: UInt64 = 0

  /// The newest revision when this was written; later ones may exist, earlier ends may not.
  var newest: UInt64 = 0

  /// The last revision of the window that is on its way into the state, slice by slice; 0: none is.
  ///
  /// Until it has arrived, rows of owners that the window has a word on may be those of before it
  /// or those of behind it.
  var target: UInt64 = 0

  var state = TableDigest()
  var cursors = TableDigest()

  private var checksum: UInt64 {
    var hash = RowHash(table: 4)
    for word in [derived, newest, state.count, state.sum, cursors.count, cursors.sum] {
      hash.add(word)
    }
    if target > 0 { hash.add(target) }
    return hash.checksum
  }

  /// The target is a row of its own, which is there while a window is on its way.
  private static let selectSQL = """
    SELECT derived, newest, state_count, state_sum, cursor_count, cursor_sum, checksum,
    (SELECT derived FROM meta WHERE id = 2) FROM meta WHERE id = 1
    """

  static let updateSQL = """
    UPDATE meta SET derived = ?1, newest = ?2, state_count = ?3, state_sum = ?4,
    cursor_count = ?5, cursor_sum = ?6, checksum = ?7 WHERE id = 1
    """

  static let setTargetSQL = "INSERT OR REPLACE INTO meta (id, derived) VALUES (2, ?1)"

  static let dropTargetSQL = "DELETE FROM meta WHERE id = 2"

  /// Nothing is derived yet.
  init(newest: UInt64 = 0) { self.newest = newest }

  /// Reads and verifies it.
  init(_ connection: borrowing Connection) throws(LedgerFault) {
    let statement = try connection.prepare(Self.selectSQL)
    guard try statement.step() else {
      throw .damage(place: "table meta", cause: "its row is missing")
    }
    derived = statement.word(0)
    newest = statement.word(1)
    state = TableDigest(count: statement.word(2), sum: statement.word(3))
    cursors = TableDigest(count: statement.word(4), sum: statement.word(5))
    target = statement.word(7)
    let isInOrder = derived <= newest && (target == 0 || derived < target && target <= newest)
    guard statement.word(6) == checksum, isInOrder else {
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
