public import IPLedgerClient

/// What `reservePod` asks for.
public struct PodRequest: Sendable, Hashable {
  /// Where the pod runs; it is registered.
  public var node: String
  public var key: PodKey

  /// `IPv4`, `IPv6`, the primary one first; empty: all that the node has, in the cluster's order.
  public var ipFamilies: [String] = []

  /// These very addresses, at most one of a family.
  public var ips: [String] = []

  /// The reservation ends after so many seconds unless it is repeated; nil: it stays.
  public var ttlSeconds: Int64?
  public var labels: [String: String] = [:]

  /// Only if the reservation there is has this revision.
  public var ifRevision: Int64?

  /// After its release, the addresses are kept for the same pod.
  public var sticky = false

  public init(
    node: String, namespace: String, name: String, containerID: String? = nil
  ) {
    self.init(node: node, PodKey(namespace: namespace, name: name, containerID: containerID))
  }

  public init(node: String, _ key: PodKey) {
    self.node = node
    self.key = key
  }

  /// The params of `pod.reserve`, for a `transaction` too.
  public var params: JSON {
    let labels = labels.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }
    return JSON(
      members: [("node", .string(node))] + key.members + [
        ("ipFamilies", JSON(strings: ipFamilies)), ("ips", JSON(strings: ips)),
        ("ttlSeconds", ttlSeconds.map { .int($0) }),
        ("labels", labels.isEmpty ? nil : .object(labels)),
        ("ifRevision", ifRevision.map { .int($0) }), ("sticky", sticky ? true : nil),
      ])
  }
}
