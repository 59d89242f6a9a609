import CSQLite

/// The tables of the ledger file and what marks it as one.
enum LedgerSchema {
  /// "ipld" in the file's header: `file` and SQLite's own tools show it.
  static let applicationID: Int64 = 0x6970_6C64

  /// Grows with every change of the tables.
  static let version: Int64 = 3

  /// The tables: `record` is the truth and grows at its end, the others are derived from it.
  ///
  /// Owners and bodies are the two parts of a packed object; a checksum covers all other columns of
  /// its row. No constraint is declared: they would be checked with every row of every commit.
  static let statements = firstTables + base

  private static let firstTables = [
    """
    CREATE TABLE record (
      revision INTEGER PRIMARY KEY, time INTEGER, type INTEGER, kind INTEGER, owner BLOB,
      actor TEXT, body BLOB, checksum INTEGER)
    """,
    """
    CREATE TABLE state (
      kind INTEGER, owner BLOB, generation INTEGER, reserved_at INTEGER, body BLOB,
      checksum INTEGER, PRIMARY KEY (kind, owner)) WITHOUT ROWID
    """,
    """
    CREATE TABLE cursor (
      node BLOB, family INTEGER, address BLOB, revision INTEGER, checksum INTEGER,
      PRIMARY KEY (node, family)) WITHOUT ROWID
    """,
    """
    CREATE TABLE meta (
      id INTEGER PRIMARY KEY, derived INTEGER, newest INTEGER, state_count INTEGER,
      state_sum INTEGER, cursor_count INTEGER, cursor_sum INTEGER, checksum INTEGER)
    """,
    "CREATE TABLE probe (id INTEGER PRIMARY KEY, filler BLOB)",
    trail,
  ]

  /// Which records are part of an address's history.
  ///
  /// It only says where to look: records are verified as they are read.
  static let trail = """
    CREATE TABLE trail (
      address BLOB, revision INTEGER, PRIMARY KEY (address, revision)) WITHOUT ROWID
    """

  /// What compaction leaves of the records that it removes: the state before the oldest record, who
  /// had an address then, and the ends that a restart may need to know what rests.
  static let base = [
    """
    CREATE TABLE base (
      kind INTEGER, owner BLOB, generation INTEGER, reserved_at INTEGER, body BLOB,
      checksum INTEGER, PRIMARY KEY (kind, owner)) WITHOUT ROWID
    """,
    """
    CREATE TABLE base_trail (
      address BLOB PRIMARY KEY, kind INTEGER, owner BLOB, since INTEGER) WITHOUT ROWID
    """,
    """
    CREATE TABLE rest (
      revision INTEGER PRIMARY KEY, time INTEGER, type INTEGER, kind INTEGER, owner BLOB,
      actor TEXT, body BLOB, checksum INTEGER)
    """,
    """
    CREATE TABLE compaction (
      id INTEGER PRIMARY KEY, oldest INTEGER, time INTEGER, base_count INTEGER, base_sum INTEGER,
      checksum INTEGER)
    """,
  ]

  /// Puts the tables into an empty file, or checks that they are there exactly as created.
  static func establish(
    _ connection: borrowing Connection, path: String
  ) throws(LedgerFault) {
    let identifier = try connection.integer("PRAGMA application_id")
    let version = try connection.integer("PRAGMA user_version")
    let tables = try connection.integer("SELECT count(*) FROM sqlite_schema")
    if identifier == 0, version == 0, tables == 0 {
      return try create(connection)
    }
    guard identifier == applicationID else { throw .refused(.foreign(path: path)) }
    guard version <= Self.version else {
      throw .refused(
        .newerSchema(path: path, found: Int(version), known: Int(Self.version)))
    }
    if version == 1 { try addTrail(connection) }
    if version <= 2 { try addBase(connection) }
    try verify(connection)
    try LedgerViews.establish(connection)
  }

  /// From version 1: everything is derived anew, and the trail with it.
  private static func addTrail(_ connection: borrowing Connection) throws(LedgerFault) {
    var meta = try LedgerMeta(connection)
    meta = LedgerMeta(newest: meta.newest)
    try connection.execute("BEGIN IMMEDIATE")
    try connection.execute(trail)
    try connection.execute("DELETE FROM state")
    try connection.execute("DELETE FROM cursor")
    try meta.update(connection.prepare(LedgerMeta.updateSQL))
    try connection.execute("PRAGMA user_version = 2")
    try connection.execute("COMMIT")
  }

  /// From version 2: nothing is compacted yet.
  private static func addBase(_ connection: borrowing Connection) throws(LedgerFault) {
    try connection.execute("BEGIN IMMEDIATE")
    for statement in base { try connection.execute(statement) }
    try Compaction().insert(into: connection)
    try connection.execute("PRAGMA user_version = 3")
    try connection.execute("COMMIT")
  }

  private static func create(_ connection: borrowing Connection) throws(LedgerFault) {
    try connection.execute("PRAGMA page_size = \(pageSize)")
    try useWriteAheadLog(connection)
    try connection.execute("BEGIN IMMEDIATE")
    for statement in statements { try connection.execute(statement) }
    try LedgerMeta().insert(into: connection)
    try Compaction().insert(into: connection)
    try LedgerViews.establish(connection)
    try connection.execute("INSERT INTO probe VALUES (1, zeroblob(\(probeBytes)))")
    try connection.execute("PRAGMA application_id = \(applicationID)")
    try connection.execute("PRAGMA user_version = \(version)")
    try connection.execute("COMMIT")
  }

  /// Bytes of a page: twice as many save no instruction and double what a lone commit writes.
  static let pageSize = 4096

  /// What a probe writes: more than a small commit, so that a nearly full disk does not look well.
  static let probeBytes = 32_768

  static func useWriteAheadLog(_ connection: borrowing Connection) throws(LedgerFault) {
    let mode = try connection.text("PRAGMA journal_mode = WAL")
    guard mode == "wal" else {
      throw .damage(place: "database file", cause: "the journal mode is \(mode), not wal")
    }
  }

  /// A flipped bit in the text of a table may change what its columns mean.
  private static func verify(_ connection: borrowing Connection) throws(LedgerFault) {
    let statement = try connection.prepare(
      """
      SELECT sql FROM sqlite_schema WHERE name IN ('record', 'state', 'cursor', 'meta', 'probe',
        'trail', 'base', 'base_trail', 'rest', 'compaction') ORDER BY rowid
      """)
    var found: [String] = []
    while try statement.step() { found.append(statement.text(0)) }
    guard found == statements else {
      throw .damage(place: "table sqlite_schema", cause: "the tables are not those of a ledger")
    }
  }
}
