internal import IPLedgerClient

/// What a release took back.
public struct Release: Sendable, Hashable {
  /// Addresses, or a node's CIDRs; empty when nothing was held.
  public let released: [String]
  public let revision: Int64

  init(_ result: JSON) throws(ClientError) {
    released = result["released"]?.strings ?? []
    revision = try result.number("revision")
  }
}
