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
    if PodKey.isInDefault(draft.key.span) { return node }
    let network = PodKey.network(draft.key.span)
    if let pool = pool(named: network) { return pool }
    let name = String(decoding: (0..<network.count).map { network[$0] }, as: UTF8.self)
    throw .notFound(
      Cause("network", .invalid, "there is no network \(name): the configured pools name them"))
  }

  /// The ranges of the pod's addresses; nil when its node or pool is gone.
  func runtime(of pod: PodObject, _ batch: borrowing ChangeBatch) -> NodeRuntime? {
    let key = pod.packed.bytes.span.extracting(pod.packed.keyRange)
    if PodKey.isInDefault(key) { return node(pod.nodeName.span, batch) }
    return pool(named: PodKey.network(key))
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
    network.count == defaultBytes && network.tail(from: 0) == defaultWord
  }

  /// The same of a whole key, where that is all that is asked of its network.
  static func isInDefault(_ key: Span<UInt8>) -> Bool {
    // The NUL behind the network is the word's highest byte.
    key.count > defaultBytes && key.word(at: 0) == defaultWord
  }

  /// The name "default", the first letter lowest.
  private static let defaultWord: UInt64 = 0x74_6C75_6166_6564
  private static let defaultBytes = 7
}
