package import Addressing

/// A node block taken in memory and not yet durable; dropping it gives it back.
package struct BlockClaim: ~Copyable, Sendable {
  package let block: CIDR
  private var range: BlockRange?

  init(_ block: CIDR, of range: BlockRange) {
    self.block = block
    self.range = range
  }

  deinit {
    range?.release(block)
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
  /// - Parameter now: monotonic milliseconds.
  package func claimNext(now: Int64) -> BlockClaim? {
    let last = UInt128(capacity - 1)
    let index = state.withLock { state -> UInt128? in
      guard !state.isDraining else { return nil }
      state.uses.sample(state.reserved, now: now)
      let found =
        take(state.next...last, without: state.refused)
        ?? (state.next > 0 ? take(0...(state.next - 1), without: state.refused) : nil)
      guard let found else { return nil }
      state.reserved += 1
      state.next = found == last ? 0 : found + 1
      return found
    }
    return index.flatMap(block(at:)).map { BlockClaim($0, of: self) }
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

  /// Frees a block that `claimNext` has handed out and nobody got: the choice goes on where it was.
  package func takeBack(_ block: CIDR) {
    release(block)
    let indices = indices(touching: block)
    guard let index = indices.first else { return }
    state.withLock { state in
      if state.next == (index == UInt128(capacity - 1) ? 0 : index + 1) { state.next = index }
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
