import Testing

@testable import Allocation

@Suite struct ReverseIndexTests {
  @Test func `several handles stand under one hash until each is removed`() {
    let index = ReverseIndex()
    let handles = (0..<3).map { ObjectHandle(kind: .pod, shard: $0, index: UInt32($0)) }
    for hash in [UInt32(0), .max, 1 << 28] {
      #expect(index.candidates(hash).isEmpty)
      for handle in handles { index.insert(hash, handle) }
      index.remove(hash, handles[1])
      #expect(
        index.candidates(hash).map(\.number).sorted() == [handles[0].number, handles[2].number])
    }
  }

  @Test(arguments: ObjectKind.allCases)
  func `a handle says kind, shard and index back`(_ kind: ObjectKind) {
    for shard in 0..<ObjectHandle.shardCount {
      for index in [0, 1, ObjectHandle.indexLimit - 1] {
        let handle = ObjectHandle(kind: kind, shard: shard, index: index)
        #expect(handle.kind == kind)
        #expect(handle.shard == shard)
        #expect(handle.index == index)
        // Nodes are in no index.
        #expect(kind == .node || handle.number < .max)
      }
    }
  }
}
