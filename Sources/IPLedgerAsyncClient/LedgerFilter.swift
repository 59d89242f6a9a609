internal import IPLedgerClient

/// Which events are of interest; each restriction that is given must hold.
public struct LedgerFilter: Sendable, Hashable {
  /// `Pod`, `Service`, `Node`, `Range`; nil: all of them.
  public var kinds: [String]?

  /// Pods and Services of this namespace.
  public var namespace: String?

  /// The node itself, and the pods on it.
  public var node: String?

  public init(kinds: [String]? = nil, namespace: String? = nil, node: String? = nil) {
    self.kinds = kinds
    self.namespace = namespace
    self.node = node
  }

  var json: JSON {
    JSON(members: [
      ("kinds", kinds.map { .array($0.map { .string($0) }) }),
      ("namespace", namespace.map { .string($0) }), ("node", node.map { .string($0) }),
    ])
  }
}
