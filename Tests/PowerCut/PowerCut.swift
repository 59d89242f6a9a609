import FaultKit

/// What is left of a file when the power goes: all that is durable, and of what was on its way any
/// part, in any order, torn at sectors, with garbage or zeros where a sector was being written.
struct PowerCut {
  private static let sectorSize = 512
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func remains(of file: Disk.File) -> [UInt8] {
    var content = file.durable
    let arrivals = arriving(file.pending)
    // All of it, whole, is a state of its own: what a kill of the process leaves.
    let tears = arrivals.count < file.pending.count || chance(1, in: 2)
    for change in arrivals {
      if tears, chance(1, in: 3), case .write(let offset, let bytes) = change {
        tear(offset, bytes, into: &content)
      } else {
        change.apply(to: &content)
      }
    }
    return content
  }

  /// Which of the changes reach the disk, and in what order.
  private mutating func arriving(_ pending: [Disk.Change]) -> [Disk.Change] {
    guard !pending.isEmpty else { return [] }
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: return []
    case 2: return pending
    case 3, 4: return Array(pending.prefix(Int.random(in: 0...pending.count, using: &random)))
    case 5: return pending.shuffled(using: &random)
    default:
      let odds = Int.random(in: 2...5, using: &random)
      let some = pending.filter { _ in !chance(1, in: odds) }
      return chance(1, in: 2) ? some : some.shuffled(using: &random)
    }
  }

  /// Writes each sector of a write as it should be, not at all, or as something else.
  ///
  /// Bytes around the write keep what they had: so much is taken for granted by SQLite too.
  private mutating func tear(
    _ offset: Int, _ bytes: ArraySlice<UInt8>, into content: inout [UInt8]
  ) {
    var start = 0
    while start < bytes.count {
      let toSectorEnd = Self.sectorSize - (offset + start) % Self.sectorSize
      let end = min(bytes.count, start + toSectorEnd)
      let part = bytes.dropFirst(start).prefix(end - start)
      defer { start = end }
      let fate = Int.random(in: 0..<8, using: &random)
      if fate == 0 { continue }
      let left: ArraySlice<UInt8> =
        switch fate {
        case 1: ArraySlice(part.map { _ in UInt8.random(in: .min ... .max, using: &random) })
        case 2: ArraySlice(repeating: 0, count: part.count)
        default: part
        }
      Disk.Change.write(offset: offset + start, bytes: left).apply(to: &content)
    }
  }

  private mutating func chance(_ count: Int, in all: Int) -> Bool {
    Int.random(in: 0..<all, using: &random) < count
  }
}
