internal import Glibc

/// Where to listen: `unix:PATH`, `tcp:192.0.2.1:PORT`, `tcp:[2001:db8::1]:PORT` or
/// `tcp:localhost:PORT`, and the same with `tls:`.
package enum Endpoint: Sendable, Hashable {
  case unix(path: String)

  /// A numeric address without brackets. Port 0 lets the kernel choose.
  case tcp(host: String, port: UInt16)

  /// The same under TLS.
  case tls(host: String, port: UInt16)

  /// A Unix socket's address holds this many bytes of path and a zero.
  static let longestPath = 107

  /// - Throws: one sentence that names what is wrong with `text`.
  package init(parsing text: String) throws(EndpointError) {
    if text.hasPrefix("unix:") {
      self = .unix(path: try Self.path(text.dropFirst(5), in: text))
    } else if text.hasPrefix("tcp:") {
      let (host, port) = try Self.address(text.dropFirst(4), in: text)
      self = .tcp(host: host, port: port)
    } else if text.hasPrefix("tls:") {
      let (host, port) = try Self.address(text.dropFirst(4), in: text)
      self = .tls(host: host, port: port)
    } else {
      throw EndpointError(text, "starts neither with unix:, tcp: nor tls:")
    }
  }

  /// Whether only this machine can reach it.
  package var isLoopback: Bool {
    switch self {
    case .unix: true
    case .tcp(let host, _), .tls(let host, _): host == "::1" || host.hasPrefix("127.")
    }
  }

  private static func path(_ path: Substring, in text: String) throws(EndpointError) -> String {
    guard !path.isEmpty else { throw EndpointError(text, "names no path") }
    guard !path.utf8.contains(0) else { throw EndpointError(text, "has a zero byte in its path") }
    guard path.utf8.count <= longestPath else {
      throw EndpointError(text, "has a path of more than \(longestPath) bytes")
    }
    guard path.utf8.last != UInt8(ascii: "/") else {
      throw EndpointError(text, "names a folder, not a socket")
    }
    return String(path)
  }

  private static func address(
    _ rest: Substring, in text: String
  ) throws(EndpointError) -> (host: String, port: UInt16) {
    guard let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") else {
      throw EndpointError(text, "names no port")
    }
    let host = try host(rest[..<colon], in: text)
    return (host, try port(rest[rest.index(after: colon)...], in: text))
  }

  private static func host(_ host: Substring, in text: String) throws(EndpointError) -> String {
    if host == "localhost" { return "127.0.0.1" }
    if host.hasPrefix("["), host.hasSuffix("]") {
      guard let address = canonical(AF_INET6, String(host.dropFirst().dropLast())) else {
        throw EndpointError(text, "has no IPv6 address between its brackets")
      }
      return address
    }
    if let address = canonical(AF_INET, String(host)) { return address }
    guard !host.isEmpty else { throw EndpointError(text, "names no address") }
    let reason =
      host.contains(":")
      ? "needs brackets around its IPv6 address: tcp:[::1]:7700"
      : "has no IPv4 address, [IPv6 address] or localhost before its port"
    throw EndpointError(text, reason)
  }

  private static func port(_ port: Substring, in text: String) throws(EndpointError) -> UInt16 {
    let isPlain = port.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isPlain, port == "0" || !port.hasPrefix("0"), let number = UInt16(port) else {
      throw EndpointError(text, "has no port from 0 to 65535 at its end")
    }
    return number
  }

  /// The address as the kernel writes it; nil when it is none of the family.
  private static func canonical(_ family: Int32, _ text: String) -> String? {
    // 16 bytes have room for the address of both families, and `inet_ntop` is told its space.
    unsafe withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { bytes in
      guard let address = bytes.baseAddress, unsafe inet_pton(family, text, address) == 1 else {
        return nil
      }
      return unsafe withUnsafeTemporaryAllocation(
        of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)
      ) { space in
        guard let start = space.baseAddress else { return nil }
        let written = unsafe inet_ntop(family, address, start, socklen_t(INET6_ADDRSTRLEN))
        return unsafe written.map { unsafe String(cString: $0) }
      }
    }
  }
}

extension Endpoint: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .tcp(let host, let port): "tcp:" + Self.text(host, port)
    case .tls(let host, let port): "tls:" + Self.text(host, port)
    }
  }

  private static func text(_ host: String, _ port: UInt16) -> String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}

/// What is wrong with the text of an endpoint.
package struct EndpointError: Error, Equatable, CustomStringConvertible {
  package let description: String

  init(_ text: String, _ reason: String) {
    description = "\"\(text)\" \(reason)"
  }
}
