import Addressing
import Allocation

/// A row of the derived state.
///
/// Unsafe expressions: the pointers are lent by the caller, or by SQLite until the next step.
enum StateRow {
  static func checksum(
    kind: UInt64, owner: UnsafeRawBufferPointer, generation: UInt64, reservedAt: Int64,
    body: UnsafeRawBufferPointer
  ) -> UInt64 {
    var hash = RowHash(table: 2)
    hash.add(kind)
    hash.add(generation)
    hash.add(reservedAt)
    unsafe hash.add(owner)
    unsafe hash.add(body)
    return hash.checksum
  }

  static func checksum(_ object: StoredObject) -> UInt64 {
    let split = object.object.bodyStart
    return unsafe object.object.bytes.withUnsafeBytes { bytes in
      unsafe checksum(
        kind: UInt64(object.kind.rawValue),
        owner: UnsafeRawBufferPointer(rebasing: bytes[2..<split]),
        generation: object.generation, reservedAt: object.reservedAt,
        body: UnsafeRawBufferPointer(rebasing: bytes[split...]))
    }
  }

  static let columns = "owner, generation, reserved_at, body, checksum"

  /// The rows of one kind, of `state` or `base`.
  static func selectSQL(from table: String = "state") -> String {
    "SELECT \(columns) FROM \(table) WHERE kind = ?1 ORDER BY owner"
  }

  static let checksumColumn: Int32 = 4

  /// The object in the current row of a statement that selects `columns`, verified.
  static func read(
    _ row: borrowing Statement, kind: ObjectKind, table: String = "state"
  ) throws(LedgerFault) -> StoredObject {
    let generation = row.word(1)
    // Safe: the bytes are copied out before the statement steps on.
    let owner = unsafe row.bytes(0)
    let body = unsafe row.bytes(3)
    let expected = unsafe checksum(
      kind: UInt64(kind.rawValue), owner: owner, generation: generation,
      reservedAt: row.integer(2), body: body)
    guard expected == row.word(checksumColumn) else {
      throw .damage(table: table, revision: generation, "the checksum does not match")
    }
    return unsafe StoredObject(
      kind: kind, object: PackedObject(owner: owner, body: body), generation: generation,
      reservedAt: row.integer(2))
  }
}

/// A row of the derived cursors.
enum CursorRow {
  static let selectSQL = "SELECT node, family, address, revision, checksum FROM cursor"

  static func checksum(
    node: UnsafeRawBufferPointer, family: UInt64, address: UInt128, revision: UInt64
  ) -> UInt64 {
    var hash = RowHash(table: 3)
    unsafe hash.add(node)
    hash.add(family)
    hash.add(UInt64(truncatingIfNeeded: address >> 64))
    hash.add(UInt64(truncatingIfNeeded: address))
    hash.add(revision)
    return hash.checksum
  }

  static let checksumColumn: Int32 = 4

  /// The cursor in the current row of `selectSQL`, verified.
  static func read(_ row: borrowing Statement) throws(LedgerFault) -> StoredCursor {
    let revision = row.word(3)
    // Safe: the bytes are copied out before the statement steps on.
    let node = unsafe row.bytes(0)
    let value = unsafe row.bytes(2).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    let expected = unsafe checksum(
      node: node, family: row.word(1), address: value, revision: revision)
    guard expected == row.word(checksumColumn),
      let family = IPFamily(rawValue: UInt8(truncatingIfNeeded: row.word(1)))
    else {
      throw .damage(table: "cursor", revision: revision, "the checksum does not match")
    }
    return unsafe StoredCursor(
      node: [UInt8](node), address: IPAddress(family: family, value: value), revision: revision)
  }
}
