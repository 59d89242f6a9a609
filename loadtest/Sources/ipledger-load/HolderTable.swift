import Addressing

/// Who holds which address of one block: an array as long as is used, and a dictionary for far
/// addresses.
struct HolderTable {
  let block: CIDR
  private var near: [UInt32] = []
  private var far: [UInt64: UInt32] = [:]

  /// Offsets below have four bytes each.
  private static let nearest: UInt64 = 1 << 24

  init(block: CIDR) { self.block = block }

  /// The number of the holder, of which 32 bits are kept; nil when there is none.
  func holder(_ offset: UInt64) -> Int? {
    let mark: UInt32
    if offset < Self.nearest {
      mark = offset < near.count ? near[Int(offset)] : 0
    } else {
      mark = far[offset] ?? 0
    }
    return mark == 0 ? nil : Int(mark) - 1
  }

  mutating func hold(_ offset: UInt64, by number: Int) {
    let mark = max(1, UInt32(truncatingIfNeeded: number + 1))
    guard offset < Self.nearest else {
      far[offset] = mark
      return
    }
    if offset >= near.count {
      let size = max(256, 2 * near.count, Int(offset) + 1)
      near += Array(repeating: 0, count: size - near.count)
    }
    near[Int(offset)] = mark
  }

  mutating func free(_ offset: UInt64) {
    if offset < near.count {
      near[Int(offset)] = 0
    } else {
      far[offset] = nil
    }
  }
}
