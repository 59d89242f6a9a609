/// When and as what an object came to be, for a record that changes it without renewing that.
///
/// A reservation's revision is its generation (contract §3.4): a record that replaces only labels
/// or node addresses keeps it, and `reservedAt` stays through every update.
package struct Origin: Sendable, Equatable {
  /// Nil: the record's own revision is the generation.
  package var generation: UInt64?

  /// Milliseconds since 1970; nil: the record's own time.
  package var reservedAt: Int64?

  package static let own = Origin(generation: nil, reservedAt: nil)

  func write(to writer: inout PackedWriter) {
    writer.byte((generation == nil ? 0 : 1) | (reservedAt == nil ? 0 : 2))
    if let generation { writer.word(generation) }
    if let reservedAt { writer.word(UInt64(bitPattern: reservedAt)) }
  }

  static func read(from reader: inout PackedReader) -> Origin {
    let flags = reader.byte()
    return Origin(
      generation: flags & 1 == 0 ? nil : reader.word(),
      reservedAt: flags & 2 == 0 ? nil : Int64(bitPattern: reader.word()))
  }
}
