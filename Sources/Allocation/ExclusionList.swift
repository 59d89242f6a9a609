package import Addressing

/// The blocks that are excluded: none overlaps another one.
package struct ExclusionList: Sendable, Equatable {
  /// How many blocks there may be: what one record holds, and a claim may look through.
  package static let mostExclusions = 4096

  package private(set) var exclusions: [Exclusion]

  var cidrs: [CIDR] { exclusions.map(\.cidr) }

  package init(_ exclusions: [Exclusion] = []) {
    self.exclusions = exclusions
  }

  /// Excludes a block; one that lies in an excluded block already changes nothing.
  package mutating func exclude(_ cidr: CIDR, note: String?) {
    guard !exclusions.contains(where: { $0.cidr.contains(cidr) }) else { return }
    exclusions.removeAll { cidr.contains($0.cidr) }
    exclusions.append(Exclusion(cidr: cidr, note: note))
  }

  /// Takes a block back into its ranges; what was excluded around it stays so, in smaller blocks.
  package mutating func include(_ cidr: CIDR) {
    exclusions.removeAll { cidr.contains($0.cidr) }
    guard let index = exclusions.firstIndex(where: { $0.cidr.contains(cidr) }) else { return }
    let split = exclusions.remove(at: index)
    let rest = split.cidr.parts(without: cidr).map { Exclusion(cidr: $0, note: split.note) }
    exclusions.insert(contentsOf: rest, at: index)
  }
}

extension CIDR {
  /// What is left of the block without a block inside it, in address order: one block for each bit
  /// by which that one is longer.
  func parts(without inner: CIDR) -> [CIDR] {
    guard contains(inner), inner.prefixLength > prefixLength else { return [] }
    return ((prefixLength + 1)...inner.prefixLength).compactMap { length in
      let bit = UInt128(1) << UInt128(family.bitWidth - length)
      let sibling = IPAddress(family: family, value: inner.base.value ^ bit)
      return CIDR(containing: sibling, prefixLength: length)
    }.sorted { $0.base.value < $1.base.value }
  }
}
