/// Where the daemon listens, as its own `--listen` says it.
enum Endpoint: Equatable, CustomStringConvertible {
  case unix(path: String)
  case tcp(host: String, port: UInt16)
  case tls(host: String, port: UInt16)

  /// Reads `unix:PATH`, `tcp:HOST:PORT` or `tls:HOST:PORT`; nil for anything else.
  ///
  /// A path alone is a Unix socket. The host of IPv6 stands in brackets.
  init?(_ text: String) {
    if text.hasPrefix("tcp:") || text.hasPrefix("tls:") {
      guard let (host, port) = Self.hostAndPort(text.dropFirst(4)) else { return nil }
      self =
        text.hasPrefix("tcp:") ? .tcp(host: host, port: port) : .tls(host: host, port: port)
      return
    }
    let path = text.hasPrefix("unix:") ? String(text.dropFirst(5)) : text
    // The field of the socket's address has room for so many bytes and a zero.
    guard !path.isEmpty, path.utf8.count <= 107 else { return nil }
    self = .unix(path: path)
  }

  private static func hostAndPort(_ text: Substring) -> (String, UInt16)? {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    return host.isEmpty || port == 0 ? nil : (String(host), port)
  }

  var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .tcp(let host, let port): "tcp:\(Self.bracketed(host)):\(port)"
    case .tls(let host, let port): "tls:\(Self.bracketed(host)):\(port)"
    }
  }

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

  private static func bracketed(_ host: String) -> String {
    host.contains(":") ? "[\(host)]" : host
  }
}
