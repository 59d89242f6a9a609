public import IPLedgerClient

/// Who has an address.
public struct AddressState: Sendable, Hashable {
  public let ip: String

  /// `reserved`, `free`, `excluded`, `quarantined`, `never` (handed out) or `outOfRange`.
  public let state: String

  /// An object with `kind`, `name` and what else names it.
  public let owner: JSON?

  /// The CIDR that it lies in.
  public let range: String?

  /// When it came to that, as `2026-01-02T03:04:05.678Z`.
  public let since: String?

  /// The newest revision that this shows.
  public let revision: Int64

  init(_ result: JSON) throws(ClientError) {
    ip = try result.text("ip")
    state = try result.text("state")
    owner = result["owner"]
    range = result["range"]?.string
    since = result["since"]?.string
    revision = try result.number("revision")
  }
}
