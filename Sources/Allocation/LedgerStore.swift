package import Addressing

/// Why a change could not be made durable.
package enum LedgerFailure: Error, Sendable, Equatable {
  /// Nothing of it is on disk and nothing will be: no space, read-only. It may heal by itself.
  case unavailable(cause: String)

  /// Writing or syncing failed half-way: it may be there or not. The daemon must stop.
  case unknown(cause: String)
}

/// The place up to which a node's block, or a cluster CIDR, has been handed out automatically.
package struct StoredCursor: Sendable, Equatable {
  /// The node's name for the addresses of its blocks; empty for the blocks of a cluster CIDR.
  package var node: [UInt8]

  /// The address that was handed out last, or the first address of the block that was.
  package var address: IPAddress

  /// The record that handed it out.
  package var revision: UInt64

  package init(node: [UInt8], address: IPAddress, revision: UInt64) {
    self.node = node
    self.address = address
    self.revision = revision
  }
}

/// What the engine needs from a durable ledger: an append-only sequence of records, and what is
/// derived from it.
///
/// Everything that writes is called by one thread at a time. Reading at start happens before the
/// first write.
package protocol LedgerStore: AnyObject, Sendable {
  /// The revision of the newest record; 0 for an empty ledger.
  var newestRevision: UInt64 { get }

  /// The time of the newest record, in milliseconds since 1970; 0 for an empty ledger.
  var newestTime: Int64 { get }

  /// Streams the derived state, in key order within each kind: ranges, nodes, Services, pods.
  func readState(_ body: (StoredObject) throws(LedgerFailure) -> Void) throws(LedgerFailure)

  /// Streams the derived cursors.
  func readCursors(_ body: (StoredCursor) throws(LedgerFailure) -> Void) throws(LedgerFailure)

  /// Streams, in order, the records that the derived state does not contain yet.
  func readTail(_ body: (LedgerRecord) throws(LedgerFailure) -> Void) throws(LedgerFailure)

  /// Streams the records that release something or let it expire, or all, from the newest back to
  /// the first one older than `time` (milliseconds since 1970), which is not among them.
  ///
  /// It costs what lies in that time, however long the ledger is.
  func readBack(
    to time: Int64, endsOnly: Bool, _ body: (LedgerRecord) throws(LedgerFailure) -> Void
  ) throws(LedgerFailure)

  /// Opens a transaction.
  func begin() throws(LedgerFailure)

  /// Adds every change of the batch as a record: change i gets revision `firstRevision + i`.
  func append(
    _ batch: borrowing ChangeBatch, firstRevision: UInt64, time: Int64
  ) throws(LedgerFailure)

  /// Makes the open transaction durable: returns only once it would survive a power cut.
  func commit() throws(LedgerFailure)

  /// Drops the open transaction, if one is still open. Called after a failure.
  func rollBack()

  /// Whether the ledger can be written: writes and syncs something that says nothing.
  func probe() throws(LedgerFailure)

  /// Derives state from at most `count` records that it does not contain yet, in a transaction of
  /// its own; one that is under way in slices is ended instead.
  ///
  /// Returns how many records are left underived.
  func derive(atMost count: Int) throws(LedgerFailure) -> Int

  /// The same for a long tail: a window of many records is read beside the writer, and applied by
  /// several calls, each of which writes at most `count` rows in a transaction of its own.
  ///
  /// A call may find the window not read yet, and do nothing. Called when nothing waits, and beside
  /// commits when the tail has grown long.
  ///
  /// Returns how many records are left underived.
  func deriveSlice(atMost count: Int) throws(LedgerFailure) -> Int

  /// Puts what the write-ahead log holds into the database file and empties the log. Called last.
  func close()
}
