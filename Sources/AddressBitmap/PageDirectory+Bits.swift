import Synchronization

extension PageDirectory {
  private static let lastIndex = UInt128(Page.bitCount - 1)

  /// Takes the bit at `offset`; false when it is taken.
  func claim(_ offset: UInt128) -> Bool {
    let number = offset >> 12
    let index = Int(offset & Self.lastIndex)
    var page = find(number) ?? open(number)
    while true {
      if page.claim(index) {
        if page.block.number == number { return true }
        page.release(index)
      } else if isSet(offset) {
        return false
      }
      page = open(number)
    }
  }

  /// Takes the first clear bit of an interval.
  func claimNext(
    from first: UInt128, through last: UInt128, trustingSummary: Bool
  ) -> UInt128? {
    var number = first >> 12
    let lastNumber = last >> 12
    var start = Int(first & Self.lastIndex)
    while number <= lastNumber {
      let group = findGroup(number >> 6)
      let slot = Int(number & 63)
      if trustingSummary, let group {
        let open = (~group.summary & UInt64.max << UInt64(slot)).trailingZeroBitCount
        if open != slot {
          number += UInt128(open - slot)
          start = 0
          continue
        }
      }
      let page: Page
      if let group, let block = group.child(slot) {
        page = Page(block: block, group: group, slot: slot)
      } else {
        page = open(number)
      }
      let end = number == lastNumber ? Int(last & Self.lastIndex) : Page.bitCount - 1
      let index = page.claimNext(from: start, through: end, trustingSummary: trustingSummary)
      guard page.block.number == number else {
        // Another page by now, or on its way: give back, wait at the lock, look again.
        if let index { page.release(index) }
        open(number)
        continue
      }
      if let index { return number << 12 | UInt128(index) }
      number += 1
      start = 0
    }
    return nil
  }

  /// Gives a taken bit back: its page cannot have gone meanwhile.
  func release(_ offset: UInt128) {
    let number = offset >> 12
    let page = find(number) ?? open(number)
    page.release(Int(offset & Self.lastIndex))
  }

  /// Under the lock: no page is being retired, so what is seen is true.
  func isSet(_ offset: UInt128) -> Bool {
    state.withLock { _ in
      guard let page = find(offset >> 12) else { return false }
      return page.isSet(Int(offset & Self.lastIndex))
    }
  }

  /// How many bits of an interval are set; walks over those of its pages that there are.
  func count(from first: UInt128, through last: UInt128) -> Int {
    let numbers = (first >> 12)...(last >> 12)
    return state.withLock { state in
      var count = 0
      for number in state.pages.map(\.number) where numbers.contains(number) {
        guard let page = find(number) else { continue }
        count += page.count(
          from: number == first >> 12 ? Int(first & Self.lastIndex) : 0,
          through: number == last >> 12 ? Int(last & Self.lastIndex) : Page.bitCount - 1)
      }
      return count
    }
  }
}
