internal import IPLedgerClient

/// The blocks that a node has been given, durably.
public struct NodeReservation: Sendable, Hashable {
  public let name: String

  /// The primary family's first.
  public let podCIDRs: [String]
  public let nodeIPs: [String]

  /// The node had them before.
  public let existing: Bool
  public let revision: Int64

  init(_ result: JSON) throws(ClientError) {
    name = try result.text("name")
    podCIDRs = result["podCIDRs"]?.strings ?? []
    nodeIPs = result["nodeIPs"]?.strings ?? []
    existing = result["existing"]?.bool ?? false
    revision = try result.number("revision")
  }
}
