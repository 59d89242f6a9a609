import Glibc
import IPLedgerClient

/// Makes connected sockets that do not block.
enum StreamSocket {
  static func connect(to endpoint: ServerAddress) throws(LoadFailure) -> Int32 {
    let socket =
      switch endpoint {
      case .unix(let path): try connect(unix: path)
      case .tcp(let host, let port), .tls(let host, let port):
        try connect(host: host, port: port)
      }
    guard fcntl(socket, F_SETFL, O_NONBLOCK) == 0 else {
      throw failure("fcntl", closing: socket)
    }
    return socket
  }

  private static func connect(unix path: String) throws(LoadFailure) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let socket = Glibc.socket(AF_UNIX, type, 0)
    guard socket >= 0 else { throw .system(call: "socket", number: errno) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // Proof: the copy is clipped to the path's own field, which was zero, less its last byte.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
      unsafe field.copyBytes(from: path.utf8.prefix(field.count - 1))
    }
    // Proof: the pointer is to a local that is as long as said, for the length of the call.
    let connected = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        unsafe Glibc.connect(socket, plain, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else { throw failure("connect", closing: socket) }
    return socket
  }

  /// The first address of the name that takes the connection.
  private static func connect(host: String, port: UInt16) throws(LoadFailure) -> Int32 {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    // Proof: the list is owned here from a successful call until the deferred one; each entry is
    // valid while it is.
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(host, "\(port)", &hints, &list)
    guard status == 0 else { throw .unknownHost(host) }
    defer { unsafe freeaddrinfo(list) }
    var last = LoadFailure.unknownHost(host)
    var entry = unsafe list
    while let info = unsafe entry?.pointee {
      unsafe entry = info.ai_next
      let type = unsafe info.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
      let socket = unsafe Glibc.socket(info.ai_family, type, info.ai_protocol)
      guard socket >= 0 else { throw .system(call: "socket", number: errno) }
      if unsafe Glibc.connect(socket, info.ai_addr, info.ai_addrlen) == 0 {
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
        return socket
      }
      last = failure("connect", closing: socket)
    }
    throw last
  }

  private static func failure(_ call: StaticString, closing socket: Int32) -> LoadFailure {
    let number = errno
    close(socket)
    return .system(call: call, number: number)
  }
}
