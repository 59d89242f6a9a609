/// Which records of the ledger are kept: those that both limits allow; 0 is no limit.
package struct LedgerRetention: Sendable, Equatable {
  package var days: Int
  package var records: Int

  package var isForEver: Bool { days == 0 && records == 0 }

  /// The first revision to keep.
  ///
  /// - Parameter firstSince: the first revision of a time (milliseconds since 1970) or later.
  func limit<Failure>(
    newest: UInt64, now: Int64, firstSince: (Int64) throws(Failure) -> UInt64
  ) throws(Failure) -> UInt64 {
    var limit: UInt64 = 1
    if records > 0, newest > UInt64(records) { limit = newest - UInt64(records) + 1 }
    if days > 0 { limit = max(limit, try firstSince(now - Int64(days) * 86_400_000)) }
    return limit
  }
}
