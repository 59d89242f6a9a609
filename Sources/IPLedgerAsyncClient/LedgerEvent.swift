public import IPLedgerClient

/// One change of the ledger: one object, one revision.
public struct LedgerEvent: Sendable, Hashable {
  /// The number of the change; each is one more than the one before it.
  public let revision: Int64

  /// When it was made durable, as `2026-01-02T03:04:05.678Z`.
  public let time: String

  /// `Reserved`, `Updated`, `Released` or `Expired`.
  public let type: String

  /// `Pod`, `Service`, `Node` or `Range`.
  public let kind: String

  /// Who asked for it, as `uid:0`.
  public let actor: String

  /// What it is about, as the lists of its kind show it.
  public let object: JSON

  /// Reads the params of a `ledger.event`; nil when they are none.
  init?(_ params: JSON) {
    guard let revision = params["revision"]?.int, let type = params["type"]?.string,
      let kind = params["kind"]?.string, let object = params["object"]
    else { return nil }
    self.revision = revision
    self.type = type
    self.kind = kind
    self.object = object
    time = params["time"]?.string ?? ""
    actor = params["actor"]?.string ?? ""
  }
}
