internal import Glibc

/// A socket address in the kernel's shape, of whichever family.
struct SocketAddressBytes {
  private var storage = sockaddr_storage()
  private let length: socklen_t

  /// - Precondition: `path` has at most 107 bytes and no zero.
  init(path: String) {
    precondition(path.utf8.count <= Endpoint.longestPath, "a Unix socket's path has 107 bytes")
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // The path and the zero that ends it fit, as was checked; the rest is zero already.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    length = socklen_t(MemoryLayout<sockaddr_un>.size)
    // `sockaddr_storage` is large enough and aligned for every kind of address.
    unsafe withUnsafeMutableBytes(of: &storage) {
      unsafe $0.storeBytes(of: address, as: sockaddr_un.self)
    }
  }

  /// - Precondition: `host` is a numeric address, as an endpoint's is.
  init(host: String, port: UInt16) {
    if host.contains(":") {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      let status = unsafe inet_pton(AF_INET6, host, &address.sin6_addr)
      precondition(status == 1, "an endpoint's address has been read before")
      length = socklen_t(MemoryLayout<sockaddr_in6>.size)
      unsafe withUnsafeMutableBytes(of: &storage) {
        unsafe $0.storeBytes(of: address, as: sockaddr_in6.self)
      }
    } else {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      let status = unsafe inet_pton(AF_INET, host, &address.sin_addr)
      precondition(status == 1, "an endpoint's address has been read before")
      length = socklen_t(MemoryLayout<sockaddr_in>.size)
      unsafe withUnsafeMutableBytes(of: &storage) {
        unsafe $0.storeBytes(of: address, as: sockaddr_in.self)
      }
    }
  }

  /// 0, or -1 with `errno`.
  func bind(_ socket: Int32) -> Int32 { unsafe pass { unsafe Glibc.bind(socket, $0, length) } }

  /// 0, or -1 with `errno`.
  func connect(_ socket: Int32) -> Int32 {
    unsafe pass { unsafe Glibc.connect(socket, $0, length) }
  }

  @unsafe
  private func pass(_ call: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
    // The storage outlives the call and begins like every `sockaddr`.
    unsafe withUnsafePointer(to: storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe call($0) }
    }
  }
}
