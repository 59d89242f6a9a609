import FaultKit
import Testing

@testable import Allocation

@Suite struct HandleMapTests {
  /// Few hashes, so that chains grow long and wrap around the end.
  @Test(arguments: [UInt32(1), 7, 64, 100_000])
  func `it holds what was put in and not taken out, like a set of pairs`(_ hashes: UInt32) {
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    var map = HandleMap()
    var pairs: Set<[UInt32]> = []
    for _ in 0..<3_000 {
      // The highest slots too, so that runs cross the end.
      let hash = UInt32.random(in: 0..<hashes, using: &random) &- hashes / 2
      let handle = UInt32.random(in: 0..<60, using: &random)
      if pairs.remove([hash, handle]) != nil {
        map.remove(hash, handle)
      } else {
        pairs.insert([hash, handle])
        map.insert(hash, handle)
      }
      guard map.count == pairs.count else {
        Issue.record("seed \(seed): \(map.count) of \(pairs.count)")
        return
      }
    }
    for pair in pairs {
      #expect(map.first(pair[0]) { $0 == pair[1] } == pair[1], "seed \(seed)")
    }
    for hash in Set(pairs.map(\.[0])) {
      var seen: Set<UInt32> = []
      _ = map.first(hash) { handle in
        seen.insert(handle)
        return false
      }
      #expect(seen == Set(pairs.filter { $0[0] == hash }.map { $0[1] }), "seed \(seed)")
    }
  }

  @Test func `an empty map has nothing under any hash`() {
    #expect(HandleMap().first(0) { _ in true } == nil)
  }
}
