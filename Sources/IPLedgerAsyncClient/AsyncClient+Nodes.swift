internal import IPLedgerClient

extension AsyncClient {
  /// Gives a node a block of each cluster CIDR, or says which it has.
  ///
  /// - Parameters:
  ///   - nodeIPs: its own addresses, at most one of a family.
  ///   - podCIDRs: these very blocks; empty: the next free ones.
  public func registerNode(
    _ name: String, nodeIPs: [String] = [], podCIDRs: [String] = [], within limit: Duration
  ) async throws -> NodeReservation {
    let params = JSON(members: [
      ("name", .string(name)), ("nodeIPs", JSON(strings: nodeIPs)),
      ("podCIDRs", JSON(strings: podCIDRs)),
    ])
    return try NodeReservation(try await call("node.register", params, within: limit))
  }

  /// Takes a node's blocks back.
  ///
  /// - Parameter isForced: its pods' addresses too; otherwise `Conflict` while there are some.
  public func releaseNode(
    _ name: String, isForced: Bool = false, within limit: Duration
  ) async throws -> Release {
    let params = JSON(members: [("name", .string(name)), ("force", isForced ? true : nil)])
    return try Release(try await call("node.release", params, within: limit))
  }

  /// Who has an address now.
  public func address(_ ip: String, within limit: Duration) async throws -> AddressState {
    try AddressState(try await call("ip.get", ["ip": .string(ip)], within: limit))
  }

  /// Who had an address at a revision of the past.
  public func address(
    _ ip: String, atRevision revision: Int64, within limit: Duration
  ) async throws -> AddressState {
    let params: JSON = ["ip": .string(ip), "at": .int(revision)]
    return try AddressState(try await call("ip.get", params, within: limit))
  }
}
