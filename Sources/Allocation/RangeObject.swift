package import Addressing

/// What a range is for; the raw values are stored.
package enum RangePurpose: UInt8, Sendable, CaseIterable {
  case service = 1
  case pod = 2
  case loadBalancer = 3
  case pool = 4

  /// As the contract spells it.
  package var name: String {
    switch self {
    case .service: "service"
    case .pod: "pod"
    case .loadBalancer: "loadBalancer"
    case .pool: "pool"
    }
  }
}

/// A range as the ledger has it: one that was added, or a configured one that was drained.
package struct RangeObject: Sendable, Equatable {
  package var name: String
  package var purpose: RangePurpose
  package var cidr: CIDR

  /// Nothing new is handed out.
  package var isDraining: Bool

  /// The configuration names it: it comes back at each start while that does.
  package var isConfigured: Bool
  package var origin: Origin

  package init(
    name: String, purpose: RangePurpose, cidr: CIDR, isDraining: Bool = false,
    isConfigured: Bool = false, origin: Origin = .own
  ) {
    self.name = name
    self.purpose = purpose
    self.cidr = cidr
    self.isDraining = isDraining
    self.isConfigured = isConfigured
    self.origin = origin
  }

  package var key: [UInt8] { Array(name.utf8) }

  /// The pool that it is a range of: its name, without the family that it may end with.
  package var network: String {
    let suffix = "-\(cidr.family.name.lowercased())"
    return name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
  }
}

/// A block that nobody new gets an address of.
package struct Exclusion: Sendable, Equatable {
  package var cidr: CIDR
  package var note: String?

  package init(cidr: CIDR, note: String? = nil) {
    self.cidr = cidr
    self.note = note
  }
}

/// What a record of kind Range is about: one range, or all that is excluded from ranges.
package enum RangeRecord: Sendable, Equatable {
  case range(RangeObject)

  /// The whole list, after the change.
  case exclusions([Exclusion], Origin)

  /// The key of the list of exclusions; a range has a name.
  package static let exclusionsKey: [UInt8] = []

  package func packed() -> PackedObject {
    switch self {
    case .range(let range):
      let key = range.key
      var writer = PackedWriter(key: key.span, bodyCapacity: 32)
      writer.byte(0)
      range.origin.write(to: &writer)
      writer.byte(range.purpose.rawValue)
      writer.byte((range.isDraining ? 1 : 0) | (range.isConfigured ? 2 : 0))
      writer.cidr(range.cidr)
      return PackedObject(bytes: writer.bytes)
    case .exclusions(let exclusions, let origin):
      let key = Self.exclusionsKey
      var writer = PackedWriter(key: key.span, bodyCapacity: 16 + 24 * exclusions.count)
      writer.byte(1)
      origin.write(to: &writer)
      writer.length(exclusions.count)
      for exclusion in exclusions {
        writer.cidr(exclusion.cidr)
        writer.optional(exclusion.note)
      }
      return PackedObject(bytes: writer.bytes)
    }
  }

  package init(_ packed: PackedObject) {
    var reader = PackedReader(packed.bytes.span, at: packed.bodyStart)
    let tag = reader.byte()
    let origin = Origin.read(from: &reader)
    guard tag == 0 else {
      let count = reader.length()
      self = .exclusions(
        (0..<count).map { _ in Exclusion(cidr: reader.cidr(), note: reader.optional()) }, origin)
      return
    }
    guard let purpose = RangePurpose(rawValue: reader.byte()) else {
      preconditionFailure("a stored range has one of four purposes")
    }
    let flags = reader.byte()
    self = .range(
      RangeObject(
        name: packed.keyMembers[0], purpose: purpose, cidr: reader.cidr(),
        isDraining: flags & 1 != 0, isConfigured: flags & 2 != 0, origin: origin))
  }

  static func origin(_ packed: PackedObject) -> Origin {
    var reader = PackedReader(packed.bytes.span, at: packed.bodyStart)
    _ = reader.byte()
    return Origin.read(from: &reader)
  }
}
