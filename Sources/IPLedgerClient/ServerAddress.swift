/// Where a daemon listens: `unix:PATH`, `tcp:HOST:PORT` or `tls:HOST:PORT`.
public enum ServerAddress: Sendable, Hashable {
  case unix(path: String)
  case tcp(host: String, port: UInt16)
  case tls(host: String, port: UInt16)

  /// Where a daemon that root runs listens by itself.
  public static var standard: ServerAddress { .unix(path: "/run/ipledger/ipledger.sock") }

  /// Reads an address; a bare absolute path is a Unix socket too.
  ///
  /// An IPv6 host stands in brackets.
  ///
  /// Throws `ServerAddressError` with what would be right.
  public init(_ text: String) throws(ServerAddressError) {
    if text.hasPrefix("/") {
      try self.init(path: text, of: text)
    } else if let path = text.rest(after: "unix:") {
      try self.init(path: path, of: text)
    } else if let place = text.rest(after: "tcp:") {
      let (host, port) = try Self.hostAndPort(place, of: text)
      self = .tcp(host: host, port: port)
    } else if let place = text.rest(after: "tls:") {
      let (host, port) = try Self.hostAndPort(place, of: text)
      self = .tls(host: host, port: port)
    } else {
      throw ServerAddressError(
        text: text, message: "an address is unix:PATH, tcp:HOST:PORT or tls:HOST:PORT")
    }
  }

  /// `sun_path` holds 108 bytes, the last of them zero.
  private static var mostPathBytes: Int { 107 }

  private init(path: String, of text: String) throws(ServerAddressError) {
    guard !path.isEmpty else {
      throw ServerAddressError(text: text, message: "behind 'unix:' stands the socket's path")
    }
    guard path.utf8.count <= Self.mostPathBytes, !path.utf8.contains(0) else {
      throw ServerAddressError(
        text: text, message: "the path of a socket has at most \(Self.mostPathBytes) bytes")
    }
    self = .unix(path: path)
  }

  private static func hostAndPort(
    _ place: String, of text: String
  ) throws(ServerAddressError) -> (String, UInt16) {
    guard let colon = place.lastIndex(of: ":") else {
      throw ServerAddressError(text: text, message: "a port is missing: HOST:PORT")
    }
    var host = place[..<colon]
    guard let port = UInt16(place[place.index(after: colon)...]), port > 0 else {
      throw ServerAddressError(text: text, message: "a port is a number from 1 to 65535")
    }
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      throw ServerAddressError(text: text, message: "an IPv6 host stands in brackets: [::1]:PORT")
    }
    guard !host.isEmpty else {
      throw ServerAddressError(text: text, message: "a host is missing: HOST:PORT")
    }
    return (String(host), port)
  }
}

/// Why a text is no address of a daemon.
public struct ServerAddressError: Error, Sendable, Hashable, CustomStringConvertible {
  public let text: String
  public let message: String

  public var description: String { "'\(text)': \(message)" }
}

extension ServerAddress: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .tcp(let host, let port): "tcp:\(Self.bracketed(host)):\(port)"
    case .tls(let host, let port): "tls:\(Self.bracketed(host)):\(port)"
    }
  }

  private static func bracketed(_ host: String) -> String {
    host.contains(":") ? "[\(host)]" : host
  }
}

extension String {
  /// What stands behind `prefix`; nil when the text does not start with it.
  fileprivate func rest(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
