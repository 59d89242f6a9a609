import Allocation

/// A row of the table of records.
enum RecordRow {
  static let columns = "revision, time, type, kind, owner, actor, body, checksum"

  /// Over all columns; the parts of the object apart, as they are stored.
  static func checksum(
    revision: UInt64, time: Int64, type: UInt64, kind: UInt64, owner: UnsafeRawBufferPointer,
    actor: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer
  ) -> UInt64 {
    var hash = RowHash(table: 1)
    hash.add(revision)
    hash.add(time)
    hash.add(type)
    hash.add(kind)
    unsafe hash.add(owner)
    unsafe hash.add(actor)
    unsafe hash.add(body)
    return hash.checksum
  }

  /// The record in the current row of a statement that selects `columns`, verified.
  static func read(_ row: borrowing Statement) throws(LedgerFault) -> LedgerRecord {
    let revision = row.word(0)
    // Safe: the bytes are copied out before the statement steps on.
    let owner = unsafe row.bytes(4)
    let body = unsafe row.bytes(6)
    let expected = unsafe checksum(
      revision: revision, time: row.integer(1), type: row.word(2), kind: row.word(3),
      owner: owner, actor: row.bytes(5), body: body)
    guard expected == row.word(7) else {
      throw .damage(table: "record", revision: revision, "the checksum does not match")
    }
    guard let type = RecordType(rawValue: UInt8(truncatingIfNeeded: row.word(2))),
      let kind = ObjectKind(rawValue: UInt8(truncatingIfNeeded: row.word(3)))
    else {
      throw .damage(table: "record", revision: revision, "its type or kind is not known")
    }
    return unsafe LedgerRecord(
      revision: revision, time: row.integer(1), type: type, kind: kind,
      object: PackedObject(owner: owner, body: body), actor: row.text(5))
  }
}

extension PackedObject {
  /// Puts together what two columns hold; the owner's length was checked when it was written.
  init(owner: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer) {
    let count = 2 + owner.count + body.count
    self.init(
      // Safe: exactly `count` bytes are written in front, each once.
      bytes: unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        unsafe buffer[0] = UInt8(truncatingIfNeeded: owner.count)
        unsafe buffer[1] = UInt8(truncatingIfNeeded: owner.count >> 8)
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        unsafe bytes[2...].copyBytes(from: owner)
        unsafe bytes[(2 + owner.count)...].copyBytes(from: body)
        filled = count
      })
  }
}
