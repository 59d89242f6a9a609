/// When and as what an object came to be, for a record that changes it without renewing that.
///
/// A reservation's revision is its generation (contract §3.4): a record that replaces only labels
/// or node addresses keeps it, and `reservedAt` stays through every update.
package struct Origin: Sendable, Equatable {
  /// The revision that is the generation of the object behind a record.
  package enum Generation: Sendable, Equatable {
    /// That of a record so many before this one, in the same commit; 0: its own.
    case before(Int)
    case revision(UInt64)
  }

  package var generation: Generation

  /// Milliseconds since 1970; nil: the record's own time.
  package var reservedAt: Int64?

  package static let own = Origin(generation: .before(0), reservedAt: nil)

  package init(generation: Generation, reservedAt: Int64?) {
    self.generation = generation
    self.reservedAt = reservedAt
  }

  /// The generation of the object, in the record of this revision.
  package func generation(in revision: UInt64) -> UInt64 {
    switch generation {
    case .before(let records): revision - UInt64(records)
    case .revision(let revision): revision
    }
  }

  private static var hasRevision: UInt8 { 1 }
  private static var hasTime: UInt8 { 2 }
  private static var hasDistance: UInt8 { 4 }

  @inline(__always)
  func write(to writer: inout some PackedOutput & ~Copyable) {
    let timeFlag = reservedAt == nil ? 0 : Self.hasTime
    switch generation {
    case .before(0): writer.byte(timeFlag)
    case .before(let records):
      writer.byte(timeFlag | Self.hasDistance)
      writer.length(records)
    case .revision(let revision):
      writer.byte(timeFlag | Self.hasRevision)
      writer.word(revision)
    }
    if let reservedAt { writer.word(UInt64(bitPattern: reservedAt)) }
  }

  @inline(__always)
  static func read(from reader: inout PackedReader) -> Origin {
    let flags = reader.byte()
    var generation = Generation.before(0)
    if flags & hasRevision != 0 { generation = .revision(reader.word()) }
    if flags & hasDistance != 0 { generation = .before(reader.length()) }
    return Origin(
      generation: generation,
      reservedAt: flags & hasTime == 0 ? nil : Int64(bitPattern: reader.word()))
  }
}
