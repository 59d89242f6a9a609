import Allocation

/// What the derived state may be while a window is on its way into it: each row that the window has
/// a word on is that of before, or that of behind it.
struct WindowArrival {
  private struct Touched {
    let before: UInt64?
    var after: UInt64?
  }

  private let meta: LedgerMeta
  private var digest: TableDigest?
  private var touched: [OwnerKey: Touched] = [:]

  init(_ meta: LedgerMeta) { self.meta = meta }

  /// What the records come to at the revision that is derived.
  mutating func begin(_ digest: TableDigest) { self.digest = digest }

  /// Notes a record of the window, and the checksums of its owner's row around it.
  mutating func add(_ record: LedgerRecord, before: UInt64?, after: UInt64?) {
    guard record.revision > meta.derived, record.revision <= meta.target else { return }
    touched[
      OwnerKey(kind: record.kind, object: record.object), default: Touched(before: before)
    ].after = after
  }

  /// Whether the rows that are there make `found`, the state's digest.
  func explains(
    _ found: TableDigest, _ connection: borrowing Connection
  ) throws(LedgerFault) -> Bool {
    guard var expected = digest else { return meta.derived == 0 && found == TableDigest() }
    let row = try connection.prepare("SELECT checksum FROM state WHERE kind = ?1 AND owner = ?2")
    for (key, checksums) in touched {
      let there = try unsafe withBytes(key.object.bytes) { bytes throws(LedgerFault) -> UInt64? in
        row.bind(1, UInt64(key.kind.rawValue))
        // Safe: the bytes are lent until the statement is reset.
        unsafe row.bind(2, blob: UnsafeRawBufferPointer(rebasing: bytes[2..<key.object.bodyStart]))
        defer { row.reset() }
        return try row.step() ? row.word(0) : nil
      }
      guard there == checksums.before || there == checksums.after else { return false }
      if let before = checksums.before { expected.remove(before) }
      if let there { expected.insert(there) }
    }
    return found == expected
  }
}
