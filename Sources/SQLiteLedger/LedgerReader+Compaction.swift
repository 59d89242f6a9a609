package import Addressing
package import Allocation

extension LedgerReader {
  /// Runs `body` on the ledger as it is at one moment; lends it the first revision that is kept.
  package func snapshot<Result>(
    _ body: (UInt64) throws(LedgerFailure) -> Result
  ) throws(LedgerFailure) -> Result {
    let oldest: UInt64
    do throws(LedgerFault) {
      try connection.execute("BEGIN")
      oldest = try Compaction(connection).oldest
    } catch {
      try? connection.execute("COMMIT")
      throw error.failure
    }
    defer { try? connection.execute("COMMIT") }
    return try body(oldest)
  }

  /// The last that is known of an address from before the oldest record: who had it then, as if
  /// that had been reserved last, or that its holder was released at `time` or later.
  package func lastBeforeOldest(
    of address: IPAddress, since time: Int64
  ) throws(LedgerFailure) -> LedgerRecord? {
    do throws(LedgerFault) {
      if let holder = try holderBeforeOldest(of: address) { return holder }
      return try endBeforeOldest(of: address, since: time)
    } catch {
      throw error.failure
    }
  }

  /// Who had the address before the oldest record, as if that had been reserved last.
  func holder(beforeOldest address: IPAddress) throws(LedgerFailure) -> LedgerRecord? {
    do throws(LedgerFault) {
      return try holderBeforeOldest(of: address)
    } catch {
      throw error.failure
    }
  }

  private func holderBeforeOldest(of address: IPAddress) throws(LedgerFault) -> LedgerRecord? {
    let row = try connection.prepare(
      """
      SELECT b.owner, b.generation, b.reserved_at, b.body, b.checksum, b.kind, t.since
      FROM base_trail t LEFT JOIN base b ON b.kind = t.kind AND b.owner = t.owner
      WHERE t.address = ?1
      """)
    // Safe: the bytes are bound until the statement is reset.
    return try unsafe withBytes(TrailKey.bytes(address)) { key throws(LedgerFault) in
      // Safe: as above.
      unsafe row.bind(1, blob: key)
      defer { row.reset() }
      guard try row.step() else { return nil }
      guard let kind = ObjectKind(rawValue: UInt8(truncatingIfNeeded: row.word(5))) else {
        throw .damage(place: "table base_trail", cause: "the holder of \(address) is missing")
      }
      let object = try StateRow.read(row, kind: kind, table: "base")
      guard object.addresses.contains(address) else {
        throw .damage(place: "table base_trail", cause: "\(address) has another holder")
      }
      return LedgerRecord(
        revision: object.generation, time: row.integer(6), type: .reserved, kind: kind,
        object: object.object, actor: "")
    }
  }

  private func endBeforeOldest(
    of address: IPAddress, since time: Int64
  ) throws(LedgerFault) -> LedgerRecord? {
    let rows = try connection.prepare(
      "SELECT \(RecordRow.columns) FROM rest WHERE time >= ?1 ORDER BY revision DESC")
    rows.bind(1, time)
    while try rows.step() {
      let record = try RecordRow.read(rows)
      if record.concerned.contains(address) { return record }
    }
    return nil
  }
}
