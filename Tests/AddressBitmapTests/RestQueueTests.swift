import Testing

@testable import AddressBitmap

@Suite struct RestQueueTests {
  /// The same, slowly: an array in the order of time, and of coming where that is the same.
  private struct Model {
    struct Rest {
      let offset: UInt128
      let since: Int64
      let number: Int
    }

    var rests: [Rest] = []
    private var count = 0

    mutating func insert(_ offset: UInt128, since: Int64) {
      _ = remove(offset)
      count += 1
      put(Rest(offset: offset, since: since, number: count))
    }

    mutating func put(_ rest: Rest) {
      let place = rests.firstIndex { ($0.since, $0.number) > (rest.since, rest.number) }
      rests.insert(rest, at: place ?? rests.count)
    }

    mutating func remove(_ offset: UInt128) -> Rest? {
      guard let place = rests.firstIndex(where: { $0.offset == offset }) else { return nil }
      return rests.remove(at: place)
    }

    mutating func popOldest(since limit: Int64) -> Rest? {
      guard let first = rests.first, first.since <= limit else { return nil }
      return rests.removeFirst()
    }
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
  func `it does what a sorted list does`(seed: UInt64) {
    var random = SplitMix(state: seed)
    var (queue, model) = (RestQueue(), Model())
    var out: (real: RestQueue.Rest, slow: Model.Rest)?
    for step in 0..<4_000 {
      // Small and far apart, so that both the same offsets and wide ones come up.
      let offset = UInt128(random.next() % 97) << (random.next() % 3 == 0 ? 90 : 0)
      switch random.next() % 8 {
      case 0...3:
        // Several a millisecond, and for odd seeds in any order.
        let since = Int64(step) / 8 + Int64(random.next() % (seed % 2 == 0 ? 1 : 50))
        queue.insert(offset, since: since)
        model.insert(offset, since: since)
      case 4:
        let (real, slow) = (queue.remove(offset), model.remove(offset))
        #expect(real?.since == slow?.since)
      case 5:
        // What is taken out comes back where it was, whatever has come meanwhile: while running, when
        // releases come in their order.
        guard seed % 2 == 0 else { break }
        if let back = out, queue.since(of: back.real.offset) == nil {
          queue.putBack(back.real)
          model.put(back.slow)
        }
        guard let (real, slow) = taken(offset, &queue, &model) else { break }
        out = (real, slow)
      case 6:
        let limit = Int64(step) / 8 - 20
        let (real, slow) = (queue.popOldest(since: limit), model.popOldest(since: limit))
        #expect(real?.offset == slow?.offset && real?.since == slow?.since)
      default: #expect(queue.since(of: offset) == model.rests.first { $0.offset == offset }?.since)
      }
      #expect(queue.count == model.rests.count)
      #expect(queue.oldest?.offset == model.rests.first?.offset)
    }
    while let rest = queue.popOldest() {
      #expect(rest.offset == model.popOldest(since: .max)?.offset)
    }
    #expect(model.rests.isEmpty)
  }

  private func taken(
    _ offset: UInt128, _ queue: inout RestQueue, _ model: inout Model
  ) -> (RestQueue.Rest, Model.Rest)? {
    guard let real = queue.remove(offset), let slow = model.remove(offset) else { return nil }
    return (real, slow)
  }

  @Test func `a great many go, and those that follow are as before`() {
    var queue = RestQueue()
    for round in 0..<2 {
      for offset in 0..<UInt128(5_000) { queue.insert(offset, since: Int64(offset)) }
      for offset in 0..<UInt128(5_000) {
        let rest = queue.popOldest()
        #expect(rest?.offset == offset && rest?.since == Int64(offset))
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
