import AddressBitmap

/// When leases end, and the time for which addresses are kept: the earliest first.
///
/// Times are monotonic milliseconds. A binary heap of ends, and the end of each entry: what was
/// renewed or released leaves a stale end in the heap, which is dropped at its turn.
package final class LeaseQueue: Sendable {
  fileprivate struct End {
    let time: Int64
    let handle: UInt32
  }

  fileprivate struct State {
    var heap: [End] = []
    var current: [UInt32: Int64] = [:]
    var earliestChanged: (@Sendable (Int64) -> Void)?
  }

  private let state = Locked(State())

  /// Calls `body` with each end that comes before all others, and at once with the first of those
  /// that there are; any thread, while locks are held: it must not block.
  func watch(_ body: @escaping @Sendable (Int64) -> Void) {
    let first = state.withLock { state in
      state.earliestChanged = body
      return state.heap.first?.time
    }
    if let first { body(first) }
  }

  package var count: Int { state.withLock { $0.current.count } }

  func set(_ handle: ObjectHandle, end: Int64) {
    let changed: (@Sendable (Int64) -> Void)? = state.withLock { state in
      state.current[handle.number] = end
      state.push(End(time: end, handle: handle.number))
      state.dropStale()
      return state.heap.first?.time == end ? state.earliestChanged : nil
    }
    changed?(end)
  }

  func remove(_ handle: ObjectHandle) {
    state.withLock { state in
      guard state.current.removeValue(forKey: handle.number) != nil else { return }
      state.dropStale()
    }
  }

  /// When the next one ends; nil while there is none.
  var next: Int64? { state.withLock { $0.heap.first?.time } }

  /// Takes out what has ended at `now`, the earliest first, at most `limit`.
  func takeEnded(now: Int64, atMost limit: Int) -> [ObjectHandle] {
    state.withLock { state in
      var ended: [ObjectHandle] = []
      while ended.count < limit, let first = state.heap.first, first.time <= now {
        state.pop()
        state.current[first.handle] = nil
        state.dropStale()
        ended.append(ObjectHandle(number: first.handle))
      }
      return ended
    }
  }
}

extension LeaseQueue.State {
  /// Afterwards the first of the heap, if any, is current.
  fileprivate mutating func dropStale() {
    if heap.count > 2 * current.count + 64 {
      heap.removeAll { current[$0.handle] != $0.time }
      heap.sort { $0.time < $1.time }
    }
    while let first = heap.first, current[first.handle] != first.time { pop() }
  }

  fileprivate mutating func push(_ end: LeaseQueue.End) {
    heap.append(end)
    var index = heap.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].time < heap[parent].time else { return }
      heap.swapAt(index, parent)
      index = parent
    }
  }

  fileprivate mutating func pop() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[child].time < heap[least].time {
        least = child
      }
      guard least != index else { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
