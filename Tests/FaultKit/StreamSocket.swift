import Foundation

/// Connecting and listening, for clients and for finding a free port.
package enum StreamSocket {
  package static func connect(unix path: String) throws -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    precondition(bytes.count < 108, "a Unix socket's path has at most 107 bytes")
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return try connect(family: AF_UNIX, &address)
  }

  /// - Parameter host: an IPv4 address in dotted form.
  package static func connect(host: String, port: UInt16) throws -> Int32 {
    var address = loopback(port)
    inet_pton(AF_INET, host, &address.sin_addr)
    return try connect(family: AF_INET, &address)
  }

  /// A port that nobody listens on now.
  ///
  /// Another process could take it before it is used; none does.
  package static func freePort() throws -> UInt16 {
    let socket = try open(AF_INET)
    defer { close(socket) }
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withPlain(&address) { bind(socket, $0, length) }
    guard bound == 0 else { throw HarnessFailure.system("bind", errno) }
    let named = withPlain(&address) { getsockname(socket, $0, &length) }
    guard named == 0 else { throw HarnessFailure.system("getsockname", errno) }
    return UInt16(bigEndian: address.sin_port)
  }

  /// A Unix socket file that nobody listens on: what a killed daemon leaves.
  package static func leaveStaleFile(at path: String) throws {
    let socket = try open(AF_UNIX)
    defer { close(socket) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    guard withPlain(&address, { bind(socket, $0, length) }) == 0 else {
      throw HarnessFailure.system("bind", errno)
    }
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    return address
  }

  private static func open(_ family: Int32) throws -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let made = socket(family, kind, 0)
    guard made >= 0 else { throw HarnessFailure.system("socket", errno) }
    return made
  }

  private static func connect<Address>(
    family: Int32, _ address: inout Address
  ) throws -> Int32 {
    let socket = try open(family)
    let length = socklen_t(MemoryLayout<Address>.size)
    // A daemon that no longer reads must not hold up a test for ever.
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    while withPlain(&address, { Glibc.connect(socket, $0, length) }) != 0 {
      let number = errno
      if number == EINTR { continue }
      close(socket)
      throw HarnessFailure.system("connect", number)
    }
    return socket
  }

  private static func withPlain<Address, Value>(
    _ address: inout Address, _ body: (UnsafeMutablePointer<sockaddr>) -> Value
  ) -> Value {
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
  }
}
