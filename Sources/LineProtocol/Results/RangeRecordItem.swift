package import Addressing

/// What a record of kind Range is about, as events show it.
package enum RangeRecordItem: Sendable, Hashable {
  /// A block that nobody new gets an address of.
  package struct Exclusion: Sendable, Hashable {
    package var cidr: CIDR
    package var note: String?

    package init(cidr: CIDR, note: String?) {
      self.cidr = cidr
      self.note = note
    }
  }

  case range(name: String, purpose: RangeItem.Purpose, cidr: CIDR, state: RangeItem.State)

  /// All that is excluded from then on.
  case exclusions([Exclusion])

  package func append(to writer: inout JSONWriter, revision: UInt64) {
    writer.beginObject()
    switch self {
    case .range(let name, let purpose, let cidr, let state):
      writer.member("name", name)
      writer.member("purpose", purpose.rawValue)
      writer.member("family", cidr.family.name)
      writer.member("cidr", cidr)
      writer.member("state", state.rawValue)
    case .exclusions(let exclusions):
      writer.name("excluded")
      writer.beginArray()
      for exclusion in exclusions {
        writer.beginObject()
        writer.member("cidr", exclusion.cidr)
        writer.member("note", exclusion.note)
        writer.endObject()
      }
      writer.endArray()
    }
    writer.member("revision", revision)
    writer.endObject()
  }
}
