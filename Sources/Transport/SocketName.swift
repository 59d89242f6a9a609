internal import Glibc
internal import NIOCore

/// The address of one end of a socket.
struct SocketName {
  enum Family {
    case unix
    case tcp
    case other
  }

  let family: Family
  /// The Unix path, or the address and port as `192.0.2.1:80` and `[2001:db8::1]:80`.
  let text: String
  /// On this machine alone; a Unix socket always is.
  let isLoopback: Bool

  /// The near end; nil when `descriptor` is no socket.
  init?(of descriptor: Int32) {
    // Both pointers are those of the memory that the caller holds for the call.
    unsafe self.init(asking: { unsafe getsockname(descriptor, $0, $1) })
  }

  /// The far end; nil when it has gone.
  init?(peerOf descriptor: Int32) {
    // Both pointers are those of the memory that the caller holds for the call.
    unsafe self.init(asking: { unsafe getpeername(descriptor, $0, $1) })
  }

  @unsafe
  private init?(
    asking ask: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    // `sockaddr_storage` is large enough and aligned for every kind of address.
    let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe ask($0, &length) }
    }
    guard status == 0 else { return nil }
    // Each structure read is the one that the family says the kernel has written.
    switch Int32(storage.ss_family) {
    case AF_UNIX:
      let path = unsafe withUnsafeBytes(of: storage) { unsafe Self.path($0, length: Int(length)) }
      self.init(family: .unix, text: path, isLoopback: true)
    case AF_INET:
      let address = unsafe withUnsafeBytes(of: storage) { unsafe $0.load(as: sockaddr_in.self) }
      self.init(SocketAddress(address))
    case AF_INET6:
      let address = unsafe withUnsafeBytes(of: storage) { unsafe $0.load(as: sockaddr_in6.self) }
      self.init(SocketAddress(address))
    default:
      self.init(
        family: .other, text: "address family \(storage.ss_family)", isLoopback: false)
    }
  }

  /// The path in a `sockaddr_un` of `length` bytes; an abstract name starts with `@`.
  @unsafe
  private static func path(_ bytes: UnsafeRawBufferPointer, length: Int) -> String {
    // `sockaddr_storage` has 128 bytes, and the kernel's length is never above 110 here.
    let name = unsafe bytes[2..<max(2, min(length, 110))]
    guard let first = unsafe name.first else { return "(unnamed)" }
    guard first == 0 else { return unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) }
    return unsafe "@" + String(decoding: name.dropFirst(), as: UTF8.self)
  }

  private init(_ address: SocketAddress) {
    let host = address.ipAddress ?? ""
    let port = address.port ?? 0
    let isIPv6 = address.protocol == .inet6
    self.init(
      family: .tcp, text: isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)",
      // An IPv4 loopback address may be written as IPv6.
      isLoopback: host == "::1" || host.hasPrefix("127.") || host.hasPrefix("::ffff:127."))
  }

  private init(family: Family, text: String, isLoopback: Bool) {
    self.family = family
    self.text = text
    self.isLoopback = isLoopback
  }
}
