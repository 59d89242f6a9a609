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
  let cellBits: Int
  private(set) var cells: [Cell]

  /// How many cells stand in a row of the terminal.
  static let rowCells = 64
  /// 32 rows.
  private static let mostCellBits = 11
  private static let wholeBits = 16
  private static let leastWindowBits = 8

  /// - Parameter marks: by the unit's place in the range, from 0.
  init(_ cidr: CIDR, unitBits: Int, marks: [UInt128: Mark]) {
    self.cidr = cidr
    self.unitBits = unitBits
    let bits = max(cidr.family.bitWidth - cidr.prefixLength - unitBits, 0)
    let last = marks.filter { $0.value != .never }.keys.max() ?? 0
    let needed = max(UInt128.bitWidth - last.leadingZeroBitCount, Self.leastWindowBits)
    let window = bits <= Self.wholeBits ? bits : min(max(needed, Self.leastWindowBits), bits, 127)
    cellBits = max(window - Self.mostCellBits, 0)
    cells = [Cell](repeating: Cell(), count: 1 << (window - cellBits))
    for (place, mark) in marks {
      guard let cell = Int(exactly: place >> cellBits), cells.indices.contains(cell) else {
        continue
      }
      cells[cell].counts[mark, default: 0] += 1
    }
  }

  /// How many units a cell stands for.
  var unitsPerCell: UInt128 { 1 << cellBits }

  /// Whether the range goes on behind the last cell, all free.
  var isCut: Bool {
    let bits = cidr.family.bitWidth - cidr.prefixLength - unitBits
    return cells.count.trailingZeroBitCount + cellBits < bits
  }

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
