import Addressing
import IPLedgerClient

/// A range drawn as cells, each for a block of addresses (or of node blocks) of the same size.
///
/// A large range is drawn up to a power of two behind the last address that is not free: of a /64
/// nobody wants to see the empty rest.
struct AddressMap: Equatable {
  /// What stands at an address, if it is not free.
  enum Mark: String, CaseIterable {
    case used
    case resting
    case excluded
    /// Network, broadcast, gateway.
    case never
  }

  /// How many of a block's units are what.
  struct Cell: Equatable {
    var counts: [Mark: Int] = [:]

    subscript(mark: Mark) -> Int { counts[mark] ?? 0 }
    var isFree: Bool { counts.isEmpty }
  }

  let cidr: CIDR
  /// 0 for addresses; for node blocks, how many bits of an address a block leaves to its pods.
  let unitBits: Int
  /// How many bits count the units of a cell.
  private(set) var cellBits: Int
  private(set) var cells: [Cell]

  /// Addresses that are not free, and are not drawn: where they are is not known.
  var unseen: UInt128 = 0

  /// How many cells stand in a row of the terminal.
  static let rowCells = 64
  /// 32 rows.
  private static let mostCellBits = 11
  private static let wholeBits = 16
  private static let leastWindowBits = 8

  /// All of it free.
  init(_ cidr: CIDR, unitBits: Int) {
    self.cidr = cidr
    self.unitBits = unitBits
    let bits = max(cidr.family.bitWidth - cidr.prefixLength - unitBits, 0)
    let window = bits <= Self.wholeBits ? bits : Self.leastWindowBits
    cellBits = max(window - Self.mostCellBits, 0)
    cells = [Cell](repeating: Cell(), count: 1 << (window - cellBits))
  }

  /// How many bits count the units that are drawn, and those that there are.
  private var windowBits: Int { cells.count.trailingZeroBitCount + cellBits }
  private var allBits: Int { max(cidr.family.bitWidth - cidr.prefixLength - unitBits, 0) }

  /// Says what stands at a unit's place in the range, counted from 0.
  ///
  /// More is drawn where that is needed, but not for what is never handed out.
  mutating func add(_ mark: Mark, at place: UInt128) {
    while mark != .never, place >> windowBits > 0, windowBits < min(allBits, 127) { widen() }
    guard let cell = Int(exactly: place >> cellBits), cells.indices.contains(cell) else { return }
    cells[cell].counts[mark, default: 0] += 1
  }

  /// Draws twice as much: by more cells, or where those are enough by larger ones.
  private mutating func widen() {
    let count = cells.count
    if count == 1 << Self.mostCellBits {
      cells = stride(from: 0, to: count, by: 2).map { cell in
        Cell(counts: cells[cell].counts.merging(cells[cell + 1].counts, uniquingKeysWith: +))
      }
      cellBits += 1
    }
    cells += [Cell](repeating: Cell(), count: cells.count)
  }

  /// How many units a cell stands for.
  var unitsPerCell: UInt128 { 1 << cellBits }

  /// Whether the range goes on behind the last cell.
  var isCut: Bool { windowBits < allBits }

  /// The first address of a cell, and the last.
  func bounds(of cell: Int) -> (first: IPAddress, last: IPAddress) {
    let start = UInt128(cell) << (cellBits + unitBits)
    let size = unitsPerCell << unitBits
    return (cidr.address(at: start), cidr.address(at: start + (size - 1)))
  }

  func total(_ mark: Mark) -> Int { cells.reduce(0) { $0 + $1[mark] } }

  /// How full a cell is, from 0 to 1.
  func share(of cell: Int) -> Double {
    Double(cells[cell][.used]) / Double(unitsPerCell)
  }
}
