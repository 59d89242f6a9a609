package import Addressing
import Synchronization

// What was taken out of a range: nobody new gets an address there, and who has one keeps it.
//
// The bits say nothing of it: an IPv6 exclusion may be as wide as the range. A claim looks at the
// list after it has counted itself, as it does at the flag of `close`, so an address that was
// excluded before the claim began is never handed out.
extension AddressRange {
  /// Offsets in order, without overlap.
  struct Exclusions: Sendable {
    /// What `range.exclude` took out.
    var excluded: [ClosedRange<UInt128>] = []

    /// The same, and what is about to be excluded: nobody new gets an address there.
    var refused: [ClosedRange<UInt128>] = []
  }

  /// From now on these blocks are excluded, and nothing else; those outside the range do not count.
  ///
  /// - Parameter closing: blocks that are about to be excluded: claims are refused there too, and
  ///   nothing else shows it.
  package func setExclusions(_ blocks: [CIDR], closing: [CIDR] = []) {
    let excluded = intervals(of: blocks)
    let refused = closing.isEmpty ? excluded : intervals(of: blocks + closing)
    exclusions.withLock { exclusions in
      exclusions = Exclusions(excluded: excluded, refused: refused)
      hasExclusions.store(!refused.isEmpty, ordering: .sequentiallyConsistent)
    }
  }

  private func intervals(of blocks: [CIDR]) -> [ClosedRange<UInt128>] {
    let usable = bitmap.usable
    let wanted = blocks.compactMap { block -> ClosedRange<UInt128>? in
      guard let usable, block.overlaps(cidr) else { return nil }
      let first = cidr.offset(of: block.base) ?? 0
      let last = cidr.offset(of: block.last) ?? cidr.lastOffset
      let interval = max(first, usable.lowerBound)...max(first, usable.lowerBound, last)
      return interval.overlaps(usable) && last >= usable.lowerBound
        ? interval.clamped(to: usable) : nil
    }
    return Self.merged(wanted)
  }

  /// How many addresses that nobody has are excluded; the resting ones count as resting.
  package var excludedCount: UInt128 {
    guard hasExclusions.load(ordering: .relaxed) else { return 0 }
    return exclusions.withLock(\.excluded).reduce(0) { sum, interval in
      let taken = bitmap.count(from: interval.lowerBound, through: interval.upperBound)
      return sum + (interval.upperBound - interval.lowerBound + 1) - UInt128(taken)
    }
  }

  /// The addresses inside these blocks whose bits are set: held, claimed or resting.
  package func takenAddresses(in blocks: [CIDR]) -> [IPAddress] {
    let touching = blocks.filter { $0.overlaps(cidr) }
    guard !touching.isEmpty else { return [] }
    return takenAddresses.filter { address in touching.contains { $0.contains(address) } }
  }

  /// Whether somebody new may get an address, if it is free.
  package func handsOut(_ address: IPAddress) -> Bool {
    guard !isDraining, let offset = cidr.offset(of: address) else { return false }
    return !isRefused(offset)
  }

  /// Whether nobody new gets it: it is excluded, or about to be.
  func isRefused(_ offset: UInt128) -> Bool {
    guard hasExclusions.load(ordering: .sequentiallyConsistent) else { return false }
    return exclusions.withLock { Self.contains($0.refused, offset) }
  }

  func isExcluded(_ offset: UInt128) -> Bool {
    guard hasExclusions.load(ordering: .sequentiallyConsistent) else { return false }
    return exclusions.withLock { Self.contains($0.excluded, offset) }
  }

  private static func contains(_ intervals: [ClosedRange<UInt128>], _ offset: UInt128) -> Bool {
    var low = 0
    var high = intervals.count
    while low < high {
      let middle = (low + high) / 2
      if intervals[middle].upperBound < offset { low = middle + 1 } else { high = middle }
    }
    return low < intervals.count && intervals[low].contains(offset)
  }

  /// Takes the first free offset of an interval that is not refused.
  func takeFirst(
    from first: UInt128, through last: UInt128, trustingSummary: Bool = true
  ) -> UInt128? {
    guard first <= last else { return nil }
    guard hasExclusions.load(ordering: .relaxed) else {
      return bitmap.claimNext(from: first, through: last, trustingSummary: trustingSummary)
    }
    for gap in gaps(in: first...last) {
      if let offset = bitmap.claimNext(
        from: gap.lowerBound, through: gap.upperBound, trustingSummary: trustingSummary)
      {
        return offset
      }
    }
    return nil
  }

  /// What is left of an interval without what is refused, in order.
  func gaps(in interval: ClosedRange<UInt128>) -> [ClosedRange<UInt128>] {
    var gaps: [ClosedRange<UInt128>] = []
    var next = interval.lowerBound
    for refused in exclusions.withLock(\.refused) where refused.upperBound >= next {
      guard refused.lowerBound <= interval.upperBound else { break }
      if refused.lowerBound > next { gaps.append(next...(refused.lowerBound - 1)) }
      guard refused.upperBound < interval.upperBound else { return gaps }
      next = refused.upperBound + 1
    }
    gaps.append(next...interval.upperBound)
    return gaps
  }

  /// In order, without overlap or touch.
  private static func merged(_ intervals: [ClosedRange<UInt128>]) -> [ClosedRange<UInt128>] {
    var merged: [ClosedRange<UInt128>] = []
    for interval in intervals.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      // An offset is below 2^128 - 1 wherever something can follow it.
      if let last = merged.last,
        interval.lowerBound <= last.upperBound
          || interval.lowerBound - 1 == last.upperBound
      {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, interval.upperBound)
      } else {
        merged.append(interval)
      }
    }
    return merged
  }
}
