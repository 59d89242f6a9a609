/// Open addressing from a 32-bit hash to 32-bit handles: eight bytes a slot, one probe on average.
///
/// Several handles may stand under one hash; the caller looks at each and tells which it meant.
/// Removal shifts what follows back, so that no tombstones slow down a table that churns.
struct HandleMap: Sendable {
  /// Hash in the high half, handle plus one in the low half; 0 is an empty slot.
  private var slots: [UInt64] = []
  private var mask = 0
  private(set) var count = 0

  /// Calls `body` with each handle under `hash` until it answers true, which is then returned.
  func first(_ hash: UInt32, where body: (UInt32) -> Bool) -> UInt32? {
    guard count > 0 else { return nil }
    var index = Int(hash) & mask
    while slots[index] != 0 {
      let slot = slots[index]
      if UInt32(slot >> 32) == hash {
        let handle = UInt32(truncatingIfNeeded: slot) &- 1
        if body(handle) { return handle }
      }
      index = (index &+ 1) & mask
    }
    return nil
  }

  mutating func insert(_ hash: UInt32, _ handle: UInt32) {
    precondition(handle < .max, "the largest handle marks nothing")
    if (count + 1) * 4 > slots.count * 3 { grow() }
    place(UInt64(hash) << 32 | UInt64(handle + 1))
    count += 1
  }

  /// Inserts many at once: their misses of the cache overlap, where those of single calls, each
  /// under a lock, wait for one another.
  mutating func insert(_ postponed: [Postponed]) {
    reserve(count + postponed.count)
    for handle in postponed { place(handle.slot) }
    count += postponed.count
  }

  /// A pair that is inserted later.
  struct Postponed: Sendable {
    fileprivate let slot: UInt64

    init(_ hash: UInt32, _ handle: UInt32) {
      precondition(handle < .max, "the largest handle marks nothing")
      slot = UInt64(hash) << 32 | UInt64(handle + 1)
    }
  }

  /// Takes the pair out; it must be there.
  mutating func remove(_ hash: UInt32, _ handle: UInt32) {
    let wanted = UInt64(hash) << 32 | UInt64(handle + 1)
    var hole = Int(hash) & mask
    while slots[hole] != wanted {
      precondition(slots[hole] != 0, "only what was inserted is removed")
      hole = (hole &+ 1) & mask
    }
    count -= 1
    var index = hole
    while true {
      index = (index &+ 1) & mask
      let slot = slots[index]
      guard slot != 0 else { break }
      let home = Int(slot >> 32) & mask
      // A slot may fill the hole unless its home lies cyclically between the hole and itself.
      if (index &- home) & mask >= (index &- hole) & mask {
        slots[hole] = slot
        hole = index
      }
    }
    slots[hole] = 0
  }

  /// Makes room for `count` handles at once.
  mutating func reserve(_ count: Int) {
    while count * 4 > slots.count * 3 { grow() }
  }

  private mutating func place(_ slot: UInt64) {
    var index = Int(slot >> 32) & mask
    while slots[index] != 0 { index = (index &+ 1) & mask }
    slots[index] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: max(16, old.count * 2))
    mask = slots.count - 1
    for slot in old where slot != 0 { place(slot) }
  }
}
