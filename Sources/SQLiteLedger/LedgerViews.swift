/// Views for people with SQLite's own shell; the daemon never reads them.
enum LedgerViews {
  /// Makes those that are missing, and again those that are not as they should be.
  static func establish(_ connection: borrowing Connection) throws(LedgerFault) {
    for (name, sql) in all {
      let found = try connection.text("SELECT sql FROM sqlite_schema WHERE name = '\(name)'")
      guard found != sql else { continue }
      // A table or an index of that name is an operator's: it stays.
      let type = try connection.text("SELECT type FROM sqlite_schema WHERE name = '\(name)'")
      guard type.isEmpty || type == "view" else { continue }
      do throws(LedgerFault) {
        try connection.execute("DROP VIEW IF EXISTS \(name)")
        try connection.execute(sql)
      } catch {
        // A ledger on a full disk is served without them.
        guard error.isForLackOfSpace else { throw error }
      }
    }
  }

  private static let all: [(name: String, sql: String)] = [
    ("v_record", record), ("v_state", state),
  ]

  static let record = """
    CREATE VIEW v_record AS SELECT revision, \(time("time")) AS time,
      CASE type WHEN 1 THEN 'Reserved' WHEN 2 THEN 'Updated' WHEN 3 THEN 'Released'
        WHEN 4 THEN 'Expired' END AS type,
      \(kind) AS kind, \(owner) AS owner, actor FROM record
    """

  static let state = """
    CREATE VIEW v_state AS SELECT \(kind) AS kind, \(owner) AS owner, generation,
      \(time("reserved_at")) AS reserved_at FROM state
    """

  private static func time(_ column: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%fZ', \(column) / 1000.0, 'unixepoch')"
  }

  private static let kind = """
    CASE kind WHEN 1 THEN 'Pod' WHEN 2 THEN 'Service' WHEN 3 THEN 'Node' WHEN 4 THEN 'Range' END
    """

  /// The members of the key with slashes between them.
  ///
  /// They are cut off one by one, as `replace` takes no NUL.
  private static let owner = """
    (WITH RECURSIVE part(rest, text) AS (
      SELECT owner, '' UNION ALL
      SELECT substr(rest, instr(rest, x'00') + 1),
        text || CAST(substr(rest, 1, instr(rest, x'00') - 1) AS TEXT) || '/'
      FROM part WHERE instr(rest, x'00') > 0)
    SELECT text || CAST(rest AS TEXT) FROM part WHERE instr(rest, x'00') = 0)
    """
}
