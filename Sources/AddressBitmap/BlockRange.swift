package import Addressing

/// A node block taken in memory and not yet durable; dropping it gives it back, and has the choice
/// go on where it was.
package struct BlockClaim: ~Copyable, Sendable {
  package let block: CIDR

  /// Where the choice stood before.
  package let formerNext: UInt128

  /// Its holder passes it on in the same commit: it stays taken, whatever becomes of the claim.
  private let isPassedOn: Bool
  private var range: BlockRange?

  init(_ block: CIDR, of range: BlockRange, formerNext: UInt128, isPassedOn: Bool) {
    self.block = block
    self.range = range
    self.formerNext = formerNext
    self.isPassedOn = isPassedOn
  }

  deinit {
    if !isPassedOn { range?.release(block) }
    range?.returnChoice(from: block, to: formerNext)
  }

  package consuming func commit() {
    range = nil
  }
}

/// A cluster CIDR counted in node blocks (semantics §14.2).
///
/// Blocks are taken in order from a cursor, around the end; one that is given back is not
/// preferred. A block that is wider or narrower than a node's acts on every node block that it
/// touches. Registrations are rare: one lock keeps bits, count and cursor together.
package final class BlockRange: Sendable {
  private struct State {
    var reserved = 0
    /// The index to look at first.
    var next: UInt128 = 0
    var isDraining = false
    /// The indices of blocks that are excluded whole, in order.
    var excluded: [ClosedRange<UInt128>] = []
    /// The same, and those that are about to be: no node gets one.
    var refused: [ClosedRange<UInt128>] = []
    var uses = UseWindow()

    func isRefused(_ index: UInt128) -> Bool { refused.contains { $0.contains(index) } }
  }

  package let clusterCIDR: CIDR
  package let nodePrefixLength: Int
  private let bitmap: SlotBitmap
  private let state = Locked(State())

  package init(clusterCIDR: CIDR, nodePrefixLength: Int) {
    precondition(
      (clusterCIDR.prefixLength...clusterCIDR.family.bitWidth).contains(nodePrefixLength),
      "a node block lies inside the cluster CIDR")
    precondition(
      nodePrefixLength - clusterCIDR.prefixLength <= 32,
      "a cluster CIDR has at most 2^32 node blocks")
    self.clusterCIDR = clusterCIDR
    self.nodePrefixLength = nodePrefixLength
    bitmap = SlotBitmap(usable: 0...(1 << UInt128(nodePrefixLength - clusterCIDR.prefixLength)) - 1)
  }

  /// How many node blocks there are.
  package var capacity: Int { 1 << (nodePrefixLength - clusterCIDR.prefixLength) }

  /// How many of them are taken.
  package var reserved: Int { state.withLock { $0.reserved } }

  /// Hands out nothing new while true; nodes keep what they have.
  package var isDraining: Bool {
    get { state.withLock { $0.isDraining } }
    set { state.withLock { $0.isDraining = newValue } }
  }

  /// From now on node blocks that lie in one of these wholly are excluded, and no others.
  ///
  /// - Parameter closing: blocks that are about to be excluded: no node gets one of them, and
  ///   nothing else shows it.
  package func setExclusions(_ blocks: [CIDR], closing: [CIDR] = []) {
    let excluded = indices(inside: blocks)
    let refused = closing.isEmpty ? excluded : indices(inside: blocks + closing)
    state.withLock { state in
      state.excluded = excluded
      state.refused = refused
    }
  }

  private func indices(inside blocks: [CIDR]) -> [ClosedRange<UInt128>] {
    blocks.filter { $0.prefixLength <= nodePrefixLength }
      .map(indices(touching:)).filter { !$0.isEmpty }
      .map { $0.lowerBound...($0.upperBound - 1) }
      .sorted { $0.lowerBound < $1.lowerBound }
  }

  /// How many node blocks are excluded and not taken; exclusions do not overlap.
  package var excludedCount: Int {
    state.withLock { state in
      state.excluded.reduce(0) { sum, indices in
        sum + indices.count - bitmap.count(from: indices.lowerBound, through: indices.upperBound)
      }
    }
  }

  /// Whether no node gets anything of a block: the whole of it is excluded, or about to be.
  package func isRefused(_ block: CIDR) -> Bool {
    let indices = indices(touching: block)
    guard !indices.isEmpty else { return false }
    return state.withLock { state in indices.allSatisfy(state.isRefused) }
  }

  /// How the number of taken blocks has moved lately.
  package func pace(now: Int64) -> UsePace? {
    state.withLock { $0.uses.pace($0.reserved, now: now) }
  }

  /// The next free block after the one handed out last, around the end; nil: all are taken, or the
  /// range is draining.
  ///
  /// - Parameters:
  ///   - now: monotonic milliseconds.
  ///   - passedOn: blocks that are taken and whose holders are about to give them up in the commit
  ///     of whoever asks. A node block that they touch is as good as a free one if it `isLeft`.
  package func claimNext(
    now: Int64, passedOn: [CIDR] = [], where isLeft: (CIDR) -> Bool = { _ in true }
  ) -> BlockClaim? {
    let last = UInt128(capacity - 1)
    let candidates = passedOn.map(indices(touching:)).filter { !$0.isEmpty }
      .sorted { $0.lowerBound < $1.lowerBound }
    return state.withLock { state -> BlockClaim? in
      guard !state.isDraining else { return nil }
      state.uses.sample(state.reserved, now: now)
      let former = state.next
      var parts = [former...last]
      if former > 0 { parts.append(0...(former - 1)) }
      for part in parts {
        let left = firstLeft(of: candidates, in: part, state, where: isLeft)
        let end = left ?? part.upperBound + 1
        let free =
          end > part.lowerBound
          ? take(part.lowerBound...(end - 1), without: state.refused) : nil
        guard let found = free ?? left, let block = block(at: found) else { continue }
        if free != nil { state.reserved += 1 }
        state.next = found == last ? 0 : found + 1
        return BlockClaim(block, of: self, formerNext: former, isPassedOn: free == nil)
      }
      return nil
    }
  }

  /// The first of some taken node blocks that is left for whoever asks.
  private func firstLeft(
    of candidates: [Range<UInt128>], in part: ClosedRange<UInt128>, _ state: State,
    where isLeft: (CIDR) -> Bool
  ) -> UInt128? {
    for indices in candidates {
      for index in indices.clamped(to: part.lowerBound..<(part.upperBound + 1)) {
        guard !state.isRefused(index), let block = block(at: index), isLeft(block) else {
          continue
        }
        return index
      }
    }
    return nil
  }

  private func take(
    _ wanted: ClosedRange<UInt128>, without refused: [ClosedRange<UInt128>]
  ) -> UInt128? {
    var next = wanted.lowerBound
    for indices in refused where indices.upperBound >= next {
      guard indices.lowerBound <= wanted.upperBound else { break }
      if indices.lowerBound > next,
        let found = bitmap.claimNext(from: next, through: indices.lowerBound - 1)
      {
        return found
      }
      next = indices.upperBound + 1
    }
    return next <= wanted.upperBound
      ? bitmap.claimNext(from: next, through: wanted.upperBound) : nil
  }

  /// Takes every node block that `block` touches; those taken already stay taken.
  package func occupy(_ block: CIDR) {
    state.withLock { state in
      for index in indices(touching: block) where bitmap.claim(index) { state.reserved += 1 }
    }
  }

  /// Frees every node block that `block` touches.
  package func release(_ block: CIDR) {
    state.withLock { state in
      for index in indices(touching: block) where bitmap.isSet(index) {
        bitmap.release(index)
        state.reserved -= 1
      }
    }
  }

  /// A block that `claimNext` handed out came to nothing: the choice goes on where it was before,
  /// unless others have chosen meanwhile.
  package func returnChoice(from block: CIDR, to former: UInt128) {
    guard let index = indices(touching: block).first else { return }
    state.withLock { state in
      if state.next == (index == UInt128(capacity - 1) ? 0 : index + 1) { state.next = former }
    }
  }

  /// Where the choice goes on: after the block handed out last.
  package func restoreCursor(_ block: CIDR) {
    guard clusterCIDR.contains(block.base) else { return }
    let following = (block.last.value - clusterCIDR.base.value) >> hostBits + 1
    state.withLock { $0.next = following < UInt128(capacity) ? following : 0 }
  }

  private var hostBits: UInt128 { UInt128(clusterCIDR.family.bitWidth - nodePrefixLength) }

  private func block(at index: UInt128) -> CIDR? {
    CIDR(base: clusterCIDR.address(at: index << hostBits), prefixLength: nodePrefixLength)
  }

  /// Clipped to the cluster CIDR; empty for a block elsewhere or of the other family.
  private func indices(touching block: CIDR) -> Range<UInt128> {
    guard block.overlaps(clusterCIDR) else { return 0..<0 }
    let shared = block.prefixLength > clusterCIDR.prefixLength ? block : clusterCIDR
    let base = clusterCIDR.base.value
    let first = (shared.base.value - base) >> hostBits
    let last = (shared.last.value - base) >> hostBits
    return first..<(last + 1)
  }
}
