internal import IPLedgerClient

/// Whose addresses they are: the key that `reserve`, `release` and `get` share.
///
/// A pod that is made anew has a new `containerID`, and gets other addresses while the old one's
/// are held.
public struct PodKey: Sendable, Hashable {
  public var namespace: String
  public var name: String
  public var containerID: String?
  public var uid: String?

  /// Nil: `eth0`.
  public var interface: String?

  /// The pool that the addresses are from; nil: the node's pod CIDRs.
  public var network: String?

  public init(
    namespace: String, name: String, containerID: String? = nil, uid: String? = nil,
    interface: String? = nil, network: String? = nil
  ) {
    self.namespace = namespace
    self.name = name
    self.containerID = containerID
    self.uid = uid
    self.interface = interface
    self.network = network
  }

  var members: [(String, JSON?)] {
    [
      ("namespace", .string(namespace)), ("name", .string(name)),
      ("containerID", containerID.map { .string($0) }), ("uid", uid.map { .string($0) }),
      ("interface", interface.map { .string($0) }), ("network", network.map { .string($0) }),
    ]
  }
}
