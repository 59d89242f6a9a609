import AddressBitmap

/// Open addressing from a 32-bit hash to 32-bit handles: eight bytes a slot, one probe on average.
///
/// Several handles may stand under one hash; the caller looks at each and tells which it meant.
/// Removal shifts what follows back, so that no tombstones slow down a table that churns.
struct HandleMap: ~Copyable, Sendable {
  /// Hash in the high half, handle plus one in the low half; 0 is an empty slot.
  private var slots = WordTable(count: 1)
  private(set) var count = 0

  /// Calls `body` with each handle under `hash` until it answers true, which is then returned.
  func first(_ hash: UInt32, where body: (UInt32) -> Bool) -> UInt32? {
    var index = Int(hash)
    while true {
      let slot = slots[index]
      guard slot != 0 else { return nil }
      if UInt32(truncatingIfNeeded: slot &>> 32) == hash {
        let handle = UInt32(truncatingIfNeeded: slot) &- 1
        if body(handle) { return handle }
      }
      index &+= 1
    }
  }

  mutating func insert(_ hash: UInt32, _ handle: UInt32) {
    precondition(handle < .max, "the largest handle marks nothing")
    if (count &+ 1) &* 4 > slots.count &* 3 { grow() }
    place(UInt64(hash) &<< 32 | UInt64(handle &+ 1))
    count &+= 1
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
    let mask = slots.count - 1
    var hole = Int(hash)
    while slots[hole] != wanted {
      precondition(slots[hole] != 0, "only what was inserted is removed")
      hole &+= 1
    }
    count -= 1
    var index = hole
    while true {
      index &+= 1
      let slot = slots[index]
      guard slot != 0 else { break }
      let home = Int(slot >> 32)
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

  @inline(__always)
  private mutating func place(_ slot: UInt64) { Self.place(slot, in: &slots) }

  @inline(__always)
  private static func place(_ slot: UInt64, in slots: inout WordTable) {
    var index = Int(slot &>> 32)
    while slots[index] != 0 { index &+= 1 }
    slots[index] = slot
  }

  private mutating func grow() {
    var larger = WordTable(count: max(16, slots.count * 2))
    for index in 0..<slots.count {
      let slot = slots[index]
      if slot != 0 { Self.place(slot, in: &larger) }
    }
    slots = larger
  }
}
