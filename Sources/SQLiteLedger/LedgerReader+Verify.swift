import Addressing
package import Allocation

/// What was found when everything was compared with everything.
package struct LedgerVerdict: Sendable, Equatable {
  /// What does not fit, for a person, up to a hundred findings; empty when all is well.
  package internal(set) var problems: [String] = []

  /// Records that were read.
  package internal(set) var records: UInt64 = 0

  fileprivate mutating func add(_ problem: String) {
    if problems.count < 100 { problems.append(problem) }
  }
}

extension LedgerReader {
  /// Holds the records against SQLite's own check, the derived state and what memory holds.
  ///
  /// It works on one snapshot, a few tens of bytes for each object. While it runs, the log cannot
  /// start over.
  package func verify(_ census: EngineCensus) throws(LedgerFailure) -> LedgerVerdict {
    var verdict = LedgerVerdict()
    do throws(LedgerFault) {
      try connection.execute("BEGIN")
      defer { try? connection.execute("COMMIT") }
      try checkFile(&verdict)
      let meta = try LedgerMeta(connection)
      let fold = try foldRecords(through: census.revision, meta, &verdict)
      try checkState(meta, &verdict)
      compare(fold, census, &verdict)
    } catch {
      // Damage is what was looked for; anything else is in the way of looking.
      guard case .damage = error else { throw error.failure }
      verdict.add("\(error)")
    }
    return verdict
  }

  /// Holds a ledger that nobody serves against itself: all of the above but memory.
  func verifyAlone() throws(LedgerFault) -> LedgerVerdict {
    var verdict = LedgerVerdict()
    do throws(LedgerFault) {
      try checkFile(&verdict)
      let meta = try LedgerMeta(connection)
      let newest = try connection.integer(Self.newestSQL)
      _ = try foldRecords(through: UInt64(clamping: newest), meta, &verdict)
      try checkState(meta, &verdict)
    } catch {
      guard case .damage = error else { throw error }
      verdict.add("\(error)")
    }
    return verdict
  }

  private func checkFile(_ verdict: inout LedgerVerdict) throws(LedgerFault) {
    let rows = try connection.prepare("PRAGMA integrity_check(20)")
    while try rows.step() {
      let line = rows.text(0)
      if line != "ok" { verdict.add("SQLite: \(line)") }
    }
  }

  /// What the records come to; compared with the derived state at the revision that it has reached.
  private func foldRecords(
    through last: UInt64, _ meta: LedgerMeta, _ verdict: inout LedgerVerdict
  ) throws(LedgerFault) -> RecordFold {
    let compaction = try Compaction(connection)
    var revision = compaction.oldest - 1
    guard revision <= last else {
      throw .caller(.unavailable(cause: "the ledger was compacted meanwhile: ask again"))
    }
    var fold = RecordFold()
    try foldBase(compaction, into: &fold, &verdict)
    var arrival = WindowArrival(meta)
    if meta.derived == revision { arrival.begin(fold.digest) }
    let rows = try connection.prepare(
      "SELECT \(RecordRow.columns) FROM record WHERE revision <= ?1 ORDER BY revision")
    rows.bind(1, last)
    while try rows.step() {
      let record = try RecordRow.read(rows)
      verdict.records += 1
      revision += 1
      guard record.revision == revision else {
        throw .damage(table: "record", revision: revision, "it is missing")
      }
      let before = fold.checksum(of: record)
      fold.add(record)
      arrival.add(record, before: before, after: fold.checksum(of: record))
      if record.revision == meta.derived { arrival.begin(fold.digest) }
    }
    guard revision == last else {
      throw .damage(table: "record", revision: revision + 1, "it is missing")
    }
    if revision >= max(meta.derived, meta.target), try !arrival.explains(meta.state, connection) {
      verdict.add(
        "the derived state is not what the records come to at revision \(meta.derived)")
    }
    return fold
  }

  /// What the removed records came to.
  private func foldBase(
    _ compaction: Compaction, into fold: inout RecordFold, _ verdict: inout LedgerVerdict
  ) throws(LedgerFault) {
    let rows = try connection.prepare(StateRow.selectSQL(from: "base"))
    for kind in ObjectKind.allCases {
      rows.reset()
      rows.bind(1, UInt64(kind.rawValue))
      while try rows.step() { fold.add(try StateRow.read(rows, kind: kind, table: "base")) }
    }
    if fold.digest != compaction.base {
      verdict.add("table base: a row is missing, or not the last")
    }
  }

  /// The rows of the state, each with its checksum, and all of them as the ledger counts them.
  private func checkState(
    _ meta: LedgerMeta, _ verdict: inout LedgerVerdict
  ) throws(LedgerFault) {
    var found = TableDigest()
    let rows = try connection.prepare(StateRow.selectSQL())
    for kind in ObjectKind.allCases {
      rows.reset()
      rows.bind(1, UInt64(kind.rawValue))
      while try rows.step() {
        _ = try StateRow.read(rows, kind: kind)
        found.insert(rows.word(StateRow.checksumColumn))
      }
    }
    if found != meta.state { verdict.add("table state: a row is missing, or not the last") }
  }

  private func compare(
    _ fold: RecordFold, _ census: EngineCensus, _ verdict: inout LedgerVerdict
  ) {
    var held: [CIDR: Int] = [:]
    for object in census.objects {
      if !fold.contains(object) {
        verdict.add("memory has \(object.owner) otherwise than the records say")
      }
      for address in object.addresses {
        for range in census.ranges where range.cidr.contains(address) {
          held[range.cidr, default: 0] += 1
        }
      }
    }
    if census.objects.count != fold.count {
      verdict.add("memory has \(census.objects.count) objects, and the records \(fold.count)")
    }
    for range in census.ranges where range.held != held[range.cidr, default: 0] {
      verdict.add(
        "\(range.cidr) takes \(range.held) addresses for held, of \(held[range.cidr, default: 0])")
    }
  }
}

/// What consecutive records come to: of each object what its row would be.
private struct RecordFold {
  private struct Row {
    let checksum: UInt64
    let essence: UInt64
  }

  private var rows: [UInt128: Row] = [:]
  private(set) var digest = TableDigest()

  var count: Int { rows.count }

  mutating func add(_ record: LedgerRecord) {
    let key = Self.key(record.kind, record.object)
    if let old = rows[key] { digest.remove(old.checksum) }
    guard !record.isEnd else {
      rows[key] = nil
      return
    }
    let origin = record.origin
    add(
      StoredObject(
        kind: record.kind, object: record.object,
        generation: origin.generation(in: record.revision),
        reservedAt: origin.reservedAt ?? record.time))
  }

  /// Of the row that the record's owner has now; nil: none.
  func checksum(of record: LedgerRecord) -> UInt64? {
    rows[Self.key(record.kind, record.object)]?.checksum
  }

  /// A row that is not there yet.
  mutating func add(_ object: StoredObject) {
    let row = Row(checksum: StateRow.checksum(object), essence: Self.essence(object))
    rows[Self.key(object.kind, object.object)] = row
    digest.insert(row.checksum)
  }

  func contains(_ object: StoredObject) -> Bool {
    rows[Self.key(object.kind, object.object)]?.essence == Self.essence(object)
  }

  /// A Service's spec last sent may be newer in memory: an update that changes nothing has no
  /// record.
  private static func essence(_ object: StoredObject) -> UInt64 {
    guard object.kind == .service else { return StateRow.checksum(object) }
    var hash = RowHash(table: 12)
    hash.add(object.generation)
    hash.add(object.reservedAt)
    for address in object.addresses {
      hash.add(UInt64(truncatingIfNeeded: address.value >> 64))
      hash.add(UInt64(truncatingIfNeeded: address.value))
    }
    return hash.checksum
  }

  /// 128 bits of two hashes: two owners share them once in 2^128.
  private static func key(_ kind: ObjectKind, _ object: PackedObject) -> UInt128 {
    UInt128(half(10, kind, object)) << 64 | UInt128(half(11, kind, object))
  }

  private static func half(_ table: UInt64, _ kind: ObjectKind, _ object: PackedObject) -> UInt64 {
    var hash = RowHash(table: table)
    hash.add(UInt64(kind.rawValue))
    // Safe: the bytes are lent for the call.
    unsafe object.bytes.withUnsafeBytes { bytes in
      // Safe: as above.
      unsafe hash.add(UnsafeRawBufferPointer(rebasing: bytes[..<object.bodyStart]))
    }
    return hash.checksum
  }
}
