package import Addressing
package import Allocation

extension LedgerReader {
  /// The records up to `last` that are part of the address's history, the newest first.
  ///
  /// The trail has those that are derived; what has come since is looked through one by one.
  package func history(
    of address: IPAddress, through last: UInt64, atMost limit: Int
  ) throws(LedgerFailure) -> [LedgerRecord] {
    do throws(LedgerFault) {
      // The trail may grow while the tail is read: what is in both is there once.
      let derived = try LedgerMeta(connection).derived
      var found: [LedgerRecord] = []
      if derived < last {
        do throws(LedgerFailure) {
          try read(after: derived, through: last) { record in
            if record.concerned.contains(address) { found.append(record) }
            return true
          }
        } catch {
          throw .caller(error)
        }
      }
      found = Array(found.suffix(limit).reversed())
      guard found.count < limit else { return found }
      return try found + trail(of: address, through: min(last, derived), limit - found.count)
    } catch {
      throw error.failure
    }
  }

  /// When the owner who has the address after its record `last` got it, in milliseconds since 1970;
  /// in `snapshot`.
  ///
  /// A Service may have had it through several updates.
  package func heldSince(
    _ address: IPAddress, _ last: LedgerRecord
  ) throws(LedgerFailure) -> Int64 {
    var first = last
    while first.kind == .service, first.type == .updated {
      let earlier = try history(of: address, through: first.revision - 1, atMost: Self.pageSize)
      let run = earlier.prefix { $0.owner == last.owner && $0.holds(address) }
      // A reservation begins anew, whoever had it before.
      if let reserved = run.first(where: { $0.type == .reserved }) { return reserved.time }
      first = run.last ?? first
      guard run.count == earlier.count else { break }
      guard earlier.isEmpty else { continue }
      if let before = try holder(beforeOldest: address), before.owner == last.owner {
        return before.time
      }
      break
    }
    return first.time
  }

  /// Records of an address that are looked at together.
  private static var pageSize: Int { 64 }

  private func trail(
    of address: IPAddress, through last: UInt64, _ limit: Int
  ) throws(LedgerFault) -> [LedgerRecord] {
    let rows = try connection.prepare(
      """
      SELECT \(RecordRow.columns) FROM record WHERE revision IN (
        SELECT revision FROM trail WHERE address = ?1 AND revision <= ?2
        ORDER BY revision DESC LIMIT ?3)
      ORDER BY revision DESC
      """)
    // Safe: the bytes are bound until the statement is reset.
    return try unsafe withBytes(TrailKey.bytes(address)) { key throws(LedgerFault) in
      rows.bind(2, last)
      rows.bind(3, Int64(limit))
      // Safe: as above.
      unsafe rows.bind(1, blob: key)
      defer { rows.reset() }
      var records: [LedgerRecord] = []
      while try rows.step() { records.append(try RecordRow.read(rows)) }
      return records
    }
  }

  /// The newest record at `time`, in milliseconds since 1970; 0: there was none; nil: it is older
  /// than what is kept.
  package func revision(
    at time: Int64, newest: UInt64
  ) throws(LedgerFailure) -> UInt64? {
    do throws(LedgerFault) {
      let removed = try Compaction(connection).last
      guard time >= removed.time || removed.revision == 0 else { return nil }
      let row = try connection.prepare("SELECT time FROM record WHERE revision = ?1")
      var low = removed.revision
      var high = newest
      // Times never decrease: the last one that is not later.
      while low < high {
        let middle = low + (high - low + 1) / 2
        row.reset()
        row.bind(1, middle)
        guard try row.step() else {
          throw .damage(table: "record", revision: middle, "it is missing")
        }
        if row.integer(0) <= time { low = middle } else { high = middle - 1 }
      }
      return low
    } catch {
      throw error.failure
    }
  }

  /// When the record was written, in milliseconds since 1970; 0: there is none.
  package func time(of revision: UInt64) throws(LedgerFailure) -> Int64 {
    do throws(LedgerFault) {
      let row = try connection.prepare("SELECT time FROM record WHERE revision = ?1")
      row.bind(1, revision)
      if try row.step() { return row.integer(0) }
      let removed = try Compaction(connection).last
      return revision == removed.revision ? removed.time : 0
    } catch {
      throw error.failure
    }
  }
}
