internal import IPLedgerClient

/// Which calls may be sent again when nobody knows whether the first one was done.
enum Repeatable {
  /// Reads, and changes that the protocol makes the same when they are done twice.
  private static let methods: Set<String> = [
    "pod.reserve", "pod.release", "pod.forget", "pod.reconcile", "pod.get", "pod.list",
    "service.reserve", "service.adopt", "service.release", "service.get", "service.list",
    "node.register", "node.release", "node.get", "node.list",
    "range.list", "range.get", "range.drain", "range.exclude", "range.include", "range.explain",
    "ip.get", "ip.history", "ledger.read", "ledger.verify", "ledger.compact",
    "egress.classify", "egress.render", "rpc.discover",
    "server.info", "server.ping", "server.stats", "server.health",
  ]

  /// A `service.update` with a fence would meet its own change and be told Conflict; without one it
  /// sets the same spec again.
  ///
  /// `range.add`, `range.remove` and `ledger.backup` find what they did the first time, and say so.
  static func contains(_ method: String, _ params: JSON) -> Bool {
    switch method {
    case "service.update": params["ifRevision"] == nil
    case "transaction":
      (params["ops"]?.array ?? []).allSatisfy { operation in
        contains(operation["method"]?.string ?? "", operation["params"] ?? [:])
      }
    default: methods.contains(method)
    }
  }
}
