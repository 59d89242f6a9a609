internal import IPLedgerClient

/// The addresses that a pod has been given, durably: one of each family.
public struct PodReservation: Sendable, Hashable {
  /// The first of `podIPs`.
  public let podIP: String

  /// The primary family's first.
  public let podIPs: [String]

  /// Of the node's pod CIDRs, in the order of `podIPs`.
  public let prefixLengths: [Int]

  /// In the order of `podIPs`; nil where there is none.
  public let gateways: [String?]
  public let node: String

  /// The pod had them before.
  public let existing: Bool

  /// The reservation's generation: what `ifRevision` is compared with.
  public let revision: Int64

  /// Throws `ClientError.notUnderstood` when `result` is none.
  init(_ result: JSON) throws(ClientError) {
    podIPs = result["podIPs"]?.strings ?? []
    podIP = try result.text("podIP")
    prefixLengths = (result["prefixLengths"]?.array ?? []).compactMap { $0.int.map { Int($0) } }
    gateways = (result["gateways"]?.array ?? []).map(\.string)
    node = result["node"]?.string ?? ""
    existing = result["existing"]?.bool ?? false
    revision = try result.number("revision")
  }
}
