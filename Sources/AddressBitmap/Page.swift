/// A block of bits and where it hangs: its group, if any, and its slot there.
struct Page {
  static let bitCount = 4096

  let block: Block
  let group: Block?
  let slot: Int

  /// Takes the bit; false when it is taken.
  func claim(_ index: Int) -> Bool {
    let bit: UInt64 = 1 << UInt64(index & 63)
    let before = block.setBits(bit, in: index >> 6)
    guard before & bit == 0 else { return false }
    if before | bit == .max { noteFull(index >> 6) }
    return true
  }

  func release(_ index: Int) {
    let bit: UInt64 = 1 << UInt64(index & 63)
    let before = block.clearBits(bit, in: index >> 6)
    precondition(before & bit != 0, "only an address that is taken is released")
    if before == .max { noteRoom(index >> 6) }
  }

  func isSet(_ index: Int) -> Bool {
    block.word(index >> 6) & 1 << UInt64(index & 63) != 0
  }

  /// Takes the first clear bit of an interval.
  ///
  /// With `trustingSummary` full words are skipped by the summary: two or three loads. Without, all
  /// words are looked at: for whoever is about to say that nothing is free.
  func claimNext(from first: Int, through last: Int, trustingSummary: Bool) -> Int? {
    var slot = first >> 6
    let lastSlot = last >> 6
    var mask = UInt64.max << UInt64(first & 63)
    while slot <= lastSlot {
      if slot == lastSlot { mask &= UInt64.max >> UInt64(63 - last & 63) }
      var word = block.word(slot)
      while ~word & mask != 0 {
        let index = slot << 6 | (~word & mask).trailingZeroBitCount
        if claim(index) { return index }
        word = block.word(slot)
      }
      if word == .max, block.summary & 1 << UInt64(slot) == 0 { noteFull(slot) }
      mask = .max
      slot += 1
      if trustingSummary, slot < 64 {
        slot = (~block.summary & UInt64.max << UInt64(slot)).trailingZeroBitCount
      }
    }
    return nil
  }

  /// How many bits of an interval are set.
  func count(from first: Int, through last: Int) -> Int {
    var count = 0
    for slot in (first >> 6)...(last >> 6) {
      var mask = UInt64.max
      if slot == first >> 6 { mask &= UInt64.max << UInt64(first & 63) }
      if slot == last >> 6 { mask &= UInt64.max >> UInt64(63 - last & 63) }
      count += (block.word(slot) & mask).nonzeroBitCount
    }
    return count
  }

  /// Writes every word anew: set are the bits of offsets outside `usable`.
  func fill(number: UInt128, slotCount: Int, usable: ClosedRange<UInt128>) {
    let base = number * UInt128(Self.bitCount)
    for slot in 0..<slotCount {
      let word = Self.unusableBits(from: base + UInt128(slot) << 6, usable: usable)
      block.replaceWord(slot, with: word)
      if word == .max { noteFull(slot) } else { noteRoom(slot) }
    }
  }

  private static func unusableBits(from first: UInt128, usable: ClosedRange<UInt128>) -> UInt64 {
    var bits: UInt64 = 0
    if first < usable.lowerBound {
      let count = usable.lowerBound - first
      bits |= count < 64 ? (1 << UInt64(count)) - 1 : .max
    }
    if first | 63 > usable.upperBound {
      let count = (first | 63) - usable.upperBound
      bits |= count < 64 ? ~(UInt64.max >> UInt64(count)) : .max
    }
    return bits
  }

  // MARK: Hints

  /// Raises the summary for a full word, and the group's for a full page.
  ///
  /// At rest no hint says "full" of a word with room. Whoever makes room clears the bit of the
  /// word, then lowers the hint; here the hint is raised, then the word is looked at again. If the
  /// lowering comes after the raising, the hint ends low. If before, the raising read from it, or
  /// from a later change of the same summary (all are acquiring and releasing read-modify-writes:
  /// one release sequence), so the second look sees the room and the hint is lowered again. The
  /// same holds one level up. While they run, a hint may be wrong either way: a word decides, and
  /// nobody says "exhausted" by hints alone.
  func noteFull(_ slot: Int) {
    let before = block.raise(slot)
    guard block.word(slot) == .max else {
      noteRoom(slot)
      return
    }
    guard before | 1 << UInt64(slot) == .max, let group else { return }
    _ = group.raise(self.slot)
    if block.summary != .max || group.child(self.slot) != block { group.lower(self.slot) }
  }

  /// Lowers the summary for a word with room, and the group's for a page that was full.
  func noteRoom(_ slot: Int) {
    if block.lower(slot) == .max { group?.lower(self.slot) }
  }
}
