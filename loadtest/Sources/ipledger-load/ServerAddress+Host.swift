import IPLedgerClient

extension ServerAddress {
  /// The name or address of a machine; nil for this one's own sockets.
  var host: String? {
    switch self {
    case .unix: nil
    case .tcp(let host, _), .tls(let host, _): host
    }
  }

  var isEncrypted: Bool {
    if case .tls = self { true } else { false }
  }
}
