import AddressBitmap
import Addressing

/// Where a pod's addresses come from: its node's blocks, or the pool that its network names.
extension AllocationEngine {
  /// The pool of this name; nil: there is none.
  package func pool(named name: Span<UInt8>) -> NodeRuntime? {
    pools.first { $0.hasName(name) }
  }

  /// The ranges of a reservation with this key on this node.
  func source(_ draft: borrowing PodDraft, _ node: NodeRuntime) throws(Refusal) -> NodeRuntime {
    let network = PodKey.network(draft.key.span)
    guard !PodKey.isDefault(network) else { return node }
    if let pool = pool(named: network) { return pool }
    let name = String(decoding: (0..<network.count).map { network[$0] }, as: UTF8.self)
    throw .notFound(
      Cause("network", .invalid, "there is no network \(name): the configured pools name them"))
  }

  /// The ranges of the pod's addresses; nil when its node or pool is gone.
  func runtime(of pod: PodObject, _ batch: borrowing ChangeBatch) -> NodeRuntime? {
    let key = pod.packed.bytes.span.extracting(pod.packed.keyRange)
    let network = PodKey.network(key)
    guard PodKey.isDefault(network) else { return pool(named: network) }
    return node(pod.nodeName.span, batch)
  }
}

/// A pod's owner key begins with its network.
enum PodKey {
  @_lifetime(copy key)
  static func network(_ key: Span<UInt8>) -> Span<UInt8> {
    var end = 0
    while end < key.count, key[end] != 0 { end += 1 }
    return key.extracting(0..<end)
  }

  static func isDefault(_ network: Span<UInt8>) -> Bool {
    network.count == defaultNetwork.count && network.equals(defaultNetwork.span)
  }

  private static let defaultNetwork = Array("default".utf8)
}
