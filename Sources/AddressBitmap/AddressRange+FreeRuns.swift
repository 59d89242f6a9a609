package import Addressing

/// Addresses one after the other that are all free.
package struct FreeRun: Sendable, Equatable {
  package let first: IPAddress
  package let count: UInt128
}

extension AddressRange {
  /// The longest run of addresses that are neither taken, resting nor excluded; of several the
  /// first.
  ///
  /// It costs a look at each word of the pages in use. Others go on meanwhile.
  package var largestFreeRun: FreeRun? {
    guard let usable = bitmap.usable else { return nil }
    var best: (first: UInt128, count: UInt128)?
    for gap in gaps(in: usable) {
      var next = gap.lowerBound
      let note = { (end: UInt128) in
        if end > next, end - next > best?.count ?? 0 { best = (next, end - next) }
      }
      bitmap.forEachTaken(from: gap.lowerBound, through: gap.upperBound) { taken in
        note(taken)
        next = taken + 1
      }
      note(gap.upperBound + 1)
    }
    return best.map { FreeRun(first: cidr.address(at: $0.first), count: $0.count) }
  }
}

extension SlotBitmap {
  /// Visits the set bits of an interval in order.
  func forEachTaken(from first: UInt128, through last: UInt128, _ body: (UInt128) -> Void) {
    switch storage {
    case .nothing: return
    case .page(let block): visit(block, number: 0, first, last, body)
    case .directory(let directory):
      let pages = directory.state.withLock { state in
        state.pages.map { (number: $0.number, block: $0) }
      }
      for (number, block) in pages.sorted(by: { $0.number < $1.number })
      where number != Block.nobody && number >= first >> 12 && number <= last >> 12 {
        visit(block, number: number, first, last, body)
      }
    }
  }

  private func visit(
    _ block: Block, number: UInt128, _ first: UInt128, _ last: UInt128, _ body: (UInt128) -> Void
  ) {
    let base = number << 12
    let start = first > base ? Int(first - base) : 0
    let end = last - base < UInt128(Page.bitCount) ? Int(last - base) : Page.bitCount - 1
    for slot in (start >> 6)...(end >> 6) {
      var word = block.word(slot)
      if slot == start >> 6 { word &= UInt64.max << UInt64(start & 63) }
      if slot == end >> 6 { word &= UInt64.max >> UInt64(63 - end & 63) }
      while word != 0 {
        body(base | UInt128(slot << 6 | word.trailingZeroBitCount))
        word &= word - 1
      }
    }
  }
}

extension AddressRange {
  /// Some of the taken addresses, evenly spread, at most about `limit`: every one of a small range.
  ///
  /// - Returns: the addresses, and how many each of them stands for.
  package func takenSample(atMost limit: Int) -> (addresses: [IPAddress], step: Int) {
    guard let usable = bitmap.usable else { return ([], 1) }
    let step = max(1, (reservedCount + restingCount + limit - 1) / limit)
    var addresses: [IPAddress] = []
    var count = 0
    bitmap.forEachTaken(from: usable.lowerBound, through: usable.upperBound) { offset in
      if count.isMultiple(of: step) { addresses.append(cidr.address(at: offset)) }
      count += 1
    }
    return (addresses, step)
  }
}
