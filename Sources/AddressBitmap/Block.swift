import Synchronization

/// Up to 64 atomic words, a summary word above them, and the number of what they stand for.
///
/// A page of the bitmap is one of these (a bit an address), and so is a group of 64 pages (a word a
/// pointer) and the directory of groups. The summary has a bit for each slot that is full.
///
/// The memory never changes its type and is given back only with the bitmap that made it, so a
/// stale `Block` is still a block: its number tells what it stands for now.
// @safe: `cells` never leaves this file, and every slot index is checked against `slotCount` by the
// callers' arithmetic: 6 bits inside a page or group, a mask inside the directory.
@safe
struct Block: Equatable, @unchecked Sendable {
  /// The number of a block that stands for nothing now.
  static let nobody = UInt128.max

  private static let headerCount = 3

  // @unchecked Sendable: all access through the pointer is atomic.
  private let cells: UnsafeMutablePointer<Atomic<UInt64>>

  /// All slots 0.
  init(slotCount: Int) {
    let count = slotCount + Self.headerCount
    unsafe cells = .allocate(capacity: count)
    for index in 0..<count { unsafe (cells + index).initialize(to: Atomic(0)) }
  }

  /// The block whose `address` this is; nil for 0.
  init?(address: UInt64) {
    // The address was one of `Block.address`, whose memory lives as long as the bitmap.
    guard let cells = unsafe UnsafeMutablePointer<Atomic<UInt64>>(bitPattern: UInt(address)) else {
      return nil
    }
    unsafe self.cells = cells
  }

  static func == (left: Block, right: Block) -> Bool { left.address == right.address }

  var address: UInt64 { unsafe UInt64(UInt(bitPattern: cells)) }

  /// Gives the memory back; the owner alone calls it, when nobody else can reach the block.
  func deallocate() {
    // `Atomic<UInt64>` has nothing to deinitialize.
    unsafe cells.deallocate()
  }

  // MARK: What it stands for

  /// What the block stands for: the number of the page or group, or a table's size.
  ///
  /// Relaxed: it is written before the slots are (releasing), and read to decide after a slot was
  /// changed (acquiring). Read at any other time it is a hint, and may be torn.
  var number: UInt128 {
    get {
      let low = unsafe cells[1].load(ordering: .relaxed)
      let high = unsafe cells[2].load(ordering: .relaxed)
      return UInt128(high) << 64 | UInt128(low)
    }
    nonmutating set {
      unsafe cells[1].store(UInt64(truncatingIfNeeded: newValue), ordering: .relaxed)
      unsafe cells[2].store(UInt64(truncatingIfNeeded: newValue >> 64), ordering: .relaxed)
    }
  }

  // MARK: Slots as words of bits

  /// A glance at a word.
  ///
  /// Relaxed: whoever wants a bit takes it with `setBits`, which decides.
  func word(_ slot: Int) -> UInt64 {
    unsafe cells[slot &+ Self.headerCount].load(ordering: .relaxed)
  }

  /// Sets bits and answers the word before: who sees a bit clear there has taken it.
  ///
  /// Acquiring: the taker sees what the one before did with the address. Releasing: keeps the
  /// order with the summary (`Page.noteFull`).
  func setBits(_ bits: UInt64, in slot: Int) -> UInt64 {
    unsafe cells[slot &+ Self.headerCount]
      .bitwiseOr(bits, ordering: .acquiringAndReleasing).oldValue
  }

  func clearBits(_ bits: UInt64, in slot: Int) -> UInt64 {
    unsafe cells[slot &+ Self.headerCount]
      .bitwiseAnd(~bits, ordering: .acquiringAndReleasing).oldValue
  }

  /// Writes a whole word.
  ///
  /// An exchange, so that whoever reads it later also sees what others wrote
  /// before (the release sequence goes on).
  func replaceWord(_ slot: Int, with word: UInt64) {
    _ = unsafe cells[slot &+ Self.headerCount].exchange(word, ordering: .acquiringAndReleasing)
  }

  /// Fills a word if nothing is taken in it.
  func seal(_ slot: Int) -> Bool {
    unsafe cells[slot &+ Self.headerCount].compareExchange(
      expected: 0, desired: .max, ordering: .acquiringAndReleasing
    ).exchanged
  }

  // MARK: Slots as pointers

  /// Acquiring: what stands in the other block was written before it was published here.
  func child(_ slot: Int) -> Block? {
    Block(address: unsafe cells[slot &+ Self.headerCount].load(ordering: .acquiring))
  }

  func setChild(_ child: Block?, in slot: Int) {
    unsafe cells[slot &+ Self.headerCount].store(child?.address ?? 0, ordering: .releasing)
  }

  // MARK: The summary

  /// Relaxed: a hint.
  var summary: UInt64 { unsafe cells[0].load(ordering: .relaxed) }

  /// Notes that a slot is full, or that it has room; answers the summary before.
  func raise(_ slot: Int) -> UInt64 {
    unsafe cells[0].bitwiseOr(1 << UInt64(slot), ordering: .acquiringAndReleasing).oldValue
  }

  @discardableResult
  func lower(_ slot: Int) -> UInt64 {
    unsafe cells[0].bitwiseAnd(~(1 << UInt64(slot)), ordering: .acquiringAndReleasing).oldValue
  }
}
