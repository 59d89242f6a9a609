/// How a ledger is opened; the defaults are what a daemon uses.
package struct LedgerOptions: Sendable {
  /// SQLite's `synchronous`, by its number.
  package enum Synchronous: Int64, Sendable {
    /// Loses acknowledged commits at a power cut.
    ///
    /// It exists so that the tests of power cuts can show that they would notice; no configuration
    /// leads here.
    case normal = 1
    case full = 2
  }

  package var synchronous: Synchronous

  /// Bytes of the log's file, made at start so that a commit's sync need not change its size.
  ///
  /// The log starts over before it passes them, readers permitting.
  package var logBytes: Int

  package init(synchronous: Synchronous = .full, logBytes: Int = 64 << 20) {
    self.synchronous = synchronous
    self.logBytes = logBytes
  }
}

/// What the ledger takes on disk, and its checkpoints.
package struct LedgerStatistics: Sendable, Equatable {
  package var ledgerBytes: UInt64
  package var logBytes: UInt64
  package var checkpoints: UInt64
  package var failedCheckpoints: UInt64
}
