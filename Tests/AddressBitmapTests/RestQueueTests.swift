import Testing

@testable import AddressBitmap

@Suite struct RestQueueTests {
  /// The same, slowly: an array in the order of time, and of coming where that is the same.
  private struct Model {
    var rests: [RestQueue.Rest] = []

    mutating func insert(_ offset: UInt128, since: Int64) {
      _ = remove(offset)
      let place = rests.firstIndex { $0.since > since } ?? rests.count
      rests.insert(RestQueue.Rest(offset: offset, since: since), at: place)
    }

    mutating func remove(_ offset: UInt128) -> Int64? {
      guard let place = rests.firstIndex(where: { $0.offset == offset }) else { return nil }
      return rests.remove(at: place).since
    }

    mutating func popOldest(since limit: Int64) -> RestQueue.Rest? {
      guard let first = rests.first, first.since <= limit else { return nil }
      return rests.removeFirst()
    }
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
  func `it does what a sorted list does`(seed: UInt64) {
    var random = SplitMix(state: seed)
    var (queue, model) = (RestQueue(), Model())
    for step in 0..<4_000 {
      // Small and far apart, so that both the same offsets and wide ones come up.
      let offset = UInt128(random.next() % 97) << (random.next() % 3 == 0 ? 90 : 0)
      switch random.next() % 8 {
      case 0...3:
        let since = Int64(step) + Int64(random.next() % (seed % 2 == 0 ? 1 : 50))
        queue.insert(offset, since: since)
        model.insert(offset, since: since)
      case 4, 5: #expect(queue.remove(offset) == model.remove(offset))
      case 6:
        let limit = Int64(step) - 20
        #expect(queue.popOldest(since: limit) == model.popOldest(since: limit))
      default: #expect(queue.since(of: offset) == model.rests.first { $0.offset == offset }?.since)
      }
      #expect(queue.count == model.rests.count)
      #expect(queue.oldest == model.rests.first)
    }
    while let rest = queue.popOldest() { #expect(rest == model.popOldest(since: .max)) }
    #expect(model.rests.isEmpty)
  }

  @Test func `a great many go, and those that follow are as before`() {
    var queue = RestQueue()
    for round in 0..<2 {
      for offset in 0..<UInt128(5_000) { queue.insert(offset, since: Int64(offset)) }
      for offset in 0..<UInt128(5_000) {
        #expect(queue.popOldest() == RestQueue.Rest(offset: offset, since: Int64(offset)))
      }
      #expect(queue.count == 0, "round \(round)")
      #expect(queue.oldest == nil)
    }
  }
}

/// Numbers that are the same for the same seed.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
