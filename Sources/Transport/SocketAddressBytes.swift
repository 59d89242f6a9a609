internal import Glibc
internal import NIOCore

/// A socket address in the kernel's shape, of whichever family.
struct SocketAddressBytes {
  private let address: SocketAddress

  /// - Precondition: `path` has at most 107 bytes and no zero.
  init(path: String) {
    precondition(path.utf8.count <= Endpoint.longestPath, "a Unix socket's path has 107 bytes")
    guard let address = try? SocketAddress(unixDomainSocketPath: path) else {
      preconditionFailure("an endpoint's path has been looked at before")
    }
    self.address = address
  }

  /// - Precondition: `host` is a numeric address, as an endpoint's is.
  init(host: String, port: UInt16) {
    guard let address = try? SocketAddress(ipAddress: host, port: Int(port)) else {
      preconditionFailure("an endpoint's address has been read before")
    }
    self.address = address
  }

  /// 0, or -1 with `errno`.
  func bind(_ socket: Int32) -> Int32 {
    // The pointer and the length are those of the address, for the call only.
    unsafe address.withSockAddr { unsafe Glibc.bind(socket, $0, socklen_t($1)) }
  }

  /// 0, or -1 with `errno`.
  func connect(_ socket: Int32) -> Int32 {
    // The pointer and the length are those of the address, for the call only.
    unsafe address.withSockAddr { unsafe Glibc.connect(socket, $0, socklen_t($1)) }
  }
}
