import AddressBitmap

/// The registered nodes by name: one probe for each pod that is reserved.
///
/// Sharded, as every loop comes by for every pod, and one lock would pass from one to the other.
final class NodeDirectory: Sendable {
  private struct State: ~Copyable {
    var nodes: [NodeRuntime?] = []
    var vacant: [UInt32] = []
    var byName = HandleMap()

    func find(_ name: Span<UInt8>, _ hash: UInt32) -> UInt32? {
      byName.first(hash) { index in
        guard let node = nodes[Int(index)] else { return false }
        return node.hasName(name)
      }
    }

    func find(_ node: NodeRuntime, _ hash: UInt32) -> UInt32? {
      byName.first(hash) { index in nodes[Int(index)] === node }
    }
  }

  private let shards: UniqueBuffer<Locked<State>>
  private let hash: ByteHash

  init(hash: ByteHash) {
    self.hash = hash
    var shards = UniqueBuffer<Locked<State>>()
    for _ in 0..<16 { shards.append(Locked(State())) }
    self.shards = shards
  }

  @inline(__always)
  private func withShard<Result: Sendable>(
    _ hash: UInt32, _ body: (inout State) -> Result
  ) -> Result {
    shards[Int(hash >> 28)].withLock { body(&$0) }
  }

  subscript(name: Span<UInt8>) -> NodeRuntime? {
    let hash = hash(name)
    return withShard(hash) { state in
      state.find(name, hash).flatMap { state.nodes[Int($0)] }
    }
  }

  func insert(_ node: NodeRuntime) {
    let hash = node.nameHash(hash)
    withShard(hash) { state in
      let index = state.vacant.popLast() ?? UInt32(state.nodes.count)
      if Int(index) == state.nodes.count {
        state.nodes.append(node)
      } else {
        state.nodes[Int(index)] = node
      }
      state.byName.insert(hash, index)
    }
  }

  func remove(_ node: NodeRuntime) {
    let hash = node.nameHash(hash)
    withShard(hash) { state in
      guard let index = state.find(node, hash) else { return }
      state.byName.remove(hash, index)
      state.nodes[Int(index)] = nil
      state.vacant.append(index)
    }
  }

  var all: [NodeRuntime] {
    shards.indices.flatMap { index in
      shards[index].withLock { state in state.nodes.compactMap { $0 } }
    }
  }
}
