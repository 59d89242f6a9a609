package import Allocation
import CSQLite

/// Reads the ledger while it is written: short readings, each with a snapshot of its own.
///
/// Confined to the queue that it is made for: see `LedgerReadings`.
package struct LedgerReader: ~Copyable {
  let connection: Connection
  private let forward: Statement

  init(path: String) throws(LedgerFault) {
    let connection = try Connection.open(path, .readOnly)
    forward = try connection.prepare(
      """
      SELECT \(RecordRow.columns) FROM record WHERE revision > ?1 AND revision <= ?2
      ORDER BY revision
      """)
    self.connection = connection
  }

  /// Lends the records behind `after` up to `last`, in their order, until `body` answers false.
  ///
  /// Keep it short: while it runs, the log cannot start over. In `snapshot` where records may have
  /// been removed.
  package func read(
    after: UInt64, through last: UInt64, _ body: (LedgerRecord) -> Bool
  ) throws(LedgerFailure) {
    do throws(LedgerFault) {
      forward.bind(1, after)
      forward.bind(2, last)
      defer { forward.reset() }
      var revision = after
      while try forward.step() {
        let record = try RecordRow.read(forward)
        guard record.revision == revision + 1 else {
          throw .damage(table: "record", revision: revision + 1, "it is missing")
        }
        revision = record.revision
        guard body(record) else { return }
      }
      guard revision >= last else {
        throw .damage(table: "record", revision: revision + 1, "it is missing")
      }
    } catch {
      throw error.failure
    }
  }
}
