/// Addresses that rest after their release, the oldest first; each of them once.
///
/// A binary heap by time, because starts bring them in any order, and the time of each by offset.
/// What leaves out of turn stays in the heap as a stale entry until its turn, or until stale
/// entries outnumber the others.
struct RestQueue {
  struct Rest: Equatable {
    let offset: UInt128
    /// When it was released: monotonic milliseconds.
    let since: Int64
    /// Tells two rests of one offset apart, and orders rests of one millisecond.
    let ticket: UInt64

    func isBefore(_ other: Rest) -> Bool {
      since == other.since ? ticket < other.ticket : since < other.since
    }
  }

  private var heap: [Rest] = []
  private var current: [UInt128: Rest] = [:]
  private var nextTicket: UInt64 = 0

  var count: Int { current.count }

  /// When the oldest began; nil when none rests.
  var oldestSince: Int64? { heap.first?.since }

  var oldest: Rest? { heap.first }

  func since(of offset: UInt128) -> Int64? { current[offset]?.since }

  /// Begins a rest; one that is under way already is replaced.
  mutating func insert(_ offset: UInt128, since: Int64) {
    let rest = Rest(offset: offset, since: since, ticket: nextTicket)
    nextTicket += 1
    current[offset] = rest
    heap.append(rest)
    siftUp(heap.count - 1)
    dropStale()
  }

  /// Ends the rest of one offset; answers when it began.
  mutating func remove(_ offset: UInt128) -> Int64? {
    guard let rest = current.removeValue(forKey: offset) else { return nil }
    dropStale()
    return rest.since
  }

  /// Ends the oldest rest, if it began at `limit` or before.
  mutating func popOldest(since limit: Int64 = .max) -> Rest? {
    guard let oldest = heap.first, oldest.since <= limit else { return nil }
    removeFirst()
    current[oldest.offset] = nil
    dropStale()
    return oldest
  }

  /// Afterwards the first of the heap, if any, is current.
  private mutating func dropStale() {
    if heap.count > 2 * current.count + 64 {
      heap.removeAll { current[$0.offset] != $0 }
      for index in (0..<(heap.count / 2)).reversed() { siftDown(index) }
    }
    while let first = heap.first, current[first.offset] != first { removeFirst() }
  }

  private mutating func removeFirst() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    siftDown(0)
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].isBefore(heap[parent]) else { return }
      heap.swapAt(index, parent)
      index = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      guard least != index else { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
