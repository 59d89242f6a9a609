import FaultKit
import Testing

@testable import Allocation

/// Lists over all shards while objects come and go.
@Suite struct EntryOrderTests {
  private static let hash = ByteHash(seed: 7)

  private static func object(_ name: String) -> PackedObject {
    NodeObject(
      name: name, podCIDRs: [], nodeIPs: [], os: nil, networkMode: nil, isExplicit: false,
      origin: .own
    ).packed()
  }

  /// A table of nodes with the places of what is in it.
  private struct Table {
    let table = ObjectTable(kind: .node, hash: EntryOrderTests.hash)
    var places: [String: (shard: Int, index: UInt32)] = [:]

    /// As at start.
    mutating func restore(_ name: String) {
      let object = EntryOrderTests.object(name)
      let keyHash = table.keyHash(object)
      let shard = table.shard(of: keyHash)
      let stored = StoredObject(kind: .node, object: object, generation: 1, reservedAt: 0)
      let index = table.withShard(shard) {
        $0.restore(stored, hash: keyHash, nameHash: nil, isKept: false)
      }
      places[name] = (shard, index)
    }

    mutating func insert(_ name: String, isHeld: Bool = true) {
      let object = EntryOrderTests.object(name)
      let keyHash = table.keyHash(object)
      let shard = table.shard(of: keyHash)
      let index = table.withShard(shard) { state in
        let index = state.insert(object, hash: keyHash, nameHash: nil, phase: .reserving)
        if isHeld { state.hold(index, object: object, generation: 1, reservedAt: 0) }
        return index
      }
      places[name] = (shard, index)
    }

    mutating func remove(_ name: String) {
      guard let place = places.removeValue(forKey: name) else { return }
      table.withShard(place.shard) { $0.remove(place.index, nameHash: nil) }
    }

    func names(limit: Int) -> [String] {
      var names: [String] = []
      var after: [UInt8]?
      while true {
        let page = table.page(EntryQuery(after: after, limit: limit, mostScanned: 3)) { _ in true }
        names += page.entries.map { $0.object.keyMembers[0] }
        guard let seenTo = page.seenTo else { return names }
        after = seenTo
      }
    }
  }

  @Test(arguments: [1, 2, 3, 50, 1_000])
  func `pages of any size show each key once and in order, whatever came and went`(_ limit: Int) {
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    var table = Table()
    for round in 0..<12 {
      for _ in 0..<Int.random(in: 0..<80, using: &random) {
        let name = "n\(Int.random(in: 0..<200, using: &random))"
        if table.places[name] == nil { table.insert(name) } else { table.remove(name) }
      }
      #expect(table.names(limit: limit) == table.places.keys.sorted(), "seed \(seed), \(round)")
      #expect(table.table.visibleCount == table.places.count)
    }
  }

  @Test func `an object on its way is in no list, and then in its place`() {
    var table = Table()
    for name in ["a", "c"] { table.insert(name) }
    table.insert("b", isHeld: false)
    #expect(table.names(limit: 2) == ["a", "c"])
    if let place = table.places["b"] {
      table.table.withShard(place.shard) {
        $0.hold(place.index, object: Self.object("b"), generation: 1, reservedAt: 0)
      }
    }
    #expect(table.names(limit: 2) == ["a", "b", "c"])
  }

  @Test func `what is read in order at start is listed in order, and so is what comes later`() {
    var table = Table()
    for number in 100..<200 { table.restore("n\(number)") }
    table.table.mapRestored()
    for number in stride(from: 100, to: 200, by: 3) { table.remove("n\(number)") }
    for number in 0..<10 { table.insert("n10\(number)x") }
    #expect(table.names(limit: 7) == table.places.keys.sorted())
  }

  @Test func `changes that pile up without a list lose no place`() {
    var table = Table()
    for number in 0..<300 { table.insert("n\(number)") }
    _ = table.names(limit: 100)
    for round in 0..<400 {
      for number in 0..<300 {
        table.remove("n\(number)")
        table.insert("n\(number)")
      }
      if round.isMultiple(of: 97) {
        #expect(table.names(limit: 100) == table.places.keys.sorted())
      }
    }
    let slots = (0..<ObjectHandle.shardCount).map { shard in
      table.table.withShard(shard) { $0.entries.count }
    }
    // Places of those that left serve again: an order remembers at most 4,096 of them in a shard.
    #expect(slots.reduce(0, +) < 300 + ObjectHandle.shardCount * 4_200)
    #expect(table.names(limit: 100) == table.places.keys.sorted())
  }

  @Test func `a prefix starts and ends a list`() {
    var table = Table()
    for name in ["a", "b1", "b2", "b3", "c"] { table.insert(name) }
    for (after, names) in [(nil, ["b1", "b2", "b3"]), ("b1", ["b2", "b3"]), ("c", [])] {
      let query = EntryQuery(
        after: after.map { (text: String) in Array(text.utf8) }, prefix: Array("b".utf8), limit: 9)
      let page = table.table.page(query) { _ in true }
      #expect(page.entries.map { $0.object.keyMembers[0] } == names)
      #expect(page.isLast)
    }
  }

  @Test func `a page that nothing passes ends early and says how far it looked`() {
    var table = Table()
    for number in 100..<400 { table.insert("n\(number)") }
    var after: [UInt8]?
    var pages = 0
    repeat {
      let page = table.table.page(EntryQuery(after: after, limit: 5, mostScanned: 4)) { _ in false }
      #expect(page.entries.isEmpty)
      after = page.seenTo
      pages += 1
    } while after != nil
    #expect(pages > 4)
  }

  @Test func `a filter does not shorten pages`() {
    var table = Table()
    for number in 100..<200 { table.insert("n\(number)") }
    let page = table.table.page(EntryQuery(after: Array("n110".utf8), limit: 5)) {
      $0.object.keyMembers[0].hasSuffix("5")
    }
    #expect(
      page.entries.map { $0.object.keyMembers[0] } == ["n115", "n125", "n135", "n145", "n155"])
    #expect(!page.isLast)
  }
}
