/// From an offset to a place where somebody else keeps it: four bytes a slot, open addressing.
///
/// Offsets are not kept here: whoever calls says which one stands at a place. Removal shifts what
/// follows back, so that no tombstones slow it down.
struct PlaceMap {
  /// A place plus one; 0 is an empty slot.
  private var slots: [UInt32] = []
  private var mask = 0
  private(set) var count = 0
  /// So that nobody outside can aim at one slot.
  private let seed = UInt64.random(in: .min ... .max) | 1

  typealias Offsets = (UInt32) -> UInt128

  @inline(__always)
  func find(_ offset: UInt128, _ offsetAt: Offsets) -> UInt32? {
    guard count > 0 else { return nil }
    var index = home(of: offset)
    while slots[index] != 0 {
      let place = slots[index] &- 1
      if offsetAt(place) == offset { return place }
      index = (index &+ 1) & mask
    }
    return nil
  }

  /// The offset stands at `place` already, and nowhere else in the map.
  @inline(__always)
  mutating func insert(_ place: UInt32, offset: UInt128, _ offsetAt: Offsets) {
    if (count + 1) * 4 > slots.count * 3 { grow(offsetAt) }
    fill(place, offset)
    count += 1
  }

  /// Takes a place out; it must be there, and its offset still stand at it.
  @inline(__always)
  mutating func remove(_ place: UInt32, offset: UInt128, _ offsetAt: Offsets) {
    var hole = home(of: offset)
    while slots[hole] != place &+ 1 {
      precondition(slots[hole] != 0, "only what was inserted is removed")
      hole = (hole &+ 1) & mask
    }
    count -= 1
    var index = hole
    while true {
      index = (index &+ 1) & mask
      let slot = slots[index]
      guard slot != 0 else { break }
      let home = home(of: offsetAt(slot &- 1))
      // A slot may fill the hole unless its home lies cyclically between the hole and itself.
      if (index &- home) & mask >= (index &- hole) & mask {
        slots[hole] = slot
        hole = index
      }
    }
    slots[hole] = 0
  }

  private func home(of offset: UInt128) -> Int {
    let folded = UInt64(truncatingIfNeeded: offset) ^ UInt64(truncatingIfNeeded: offset >> 64) &* 31
    let product = (folded ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: product.high ^ product.low) & mask
  }

  private mutating func fill(_ place: UInt32, _ offset: UInt128) {
    var index = home(of: offset)
    while slots[index] != 0 { index = (index &+ 1) & mask }
    slots[index] = place &+ 1
  }

  private mutating func grow(_ offsetAt: Offsets) {
    let old = slots
    slots = [UInt32](repeating: 0, count: max(16, old.count * 2))
    mask = slots.count - 1
    for slot in old where slot != 0 { fill(slot &- 1, offsetAt(slot &- 1)) }
  }
}
