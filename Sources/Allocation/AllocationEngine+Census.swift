import AddressBitmap
package import Addressing

/// All that memory holds at one moment.
package struct EngineCensus: Sendable {
  package let revision: UInt64

  /// What is held, and what is kept, in no order.
  package let objects: [StoredObject]

  /// How many addresses each range takes for held.
  package let ranges: [(cidr: CIDR, held: Int)]
}

extension AllocationEngine {
  /// Counts everything, between two commits; others wait for it some tens of milliseconds per
  /// million objects.
  package func takeCensus() -> EngineCensus {
    visibility.withLock { revision in
      var objects: [StoredObject] = []
      for kind in ObjectKind.allCases {
        for shard in 0..<ObjectHandle.shardCount {
          table(kind).withShard(shard) { state in
            for index in state.places(where: { _ in true }) {
              let entry = state[index]
              guard entry.isVisible || entry.isKept else { continue }
              objects.append(
                StoredObject(
                  kind: kind, object: entry.object, generation: entry.generation,
                  reservedAt: entry.reservedAt))
            }
          }
        }
      }
      let sources = directory.all + pools
      let ranges = serviceRanges + book.loadBalancers + sources.flatMap(\.ranges.array)
      return EngineCensus(
        revision: revision, objects: objects, ranges: ranges.map { ($0.cidr, $0.heldCount) })
    }
  }
}
