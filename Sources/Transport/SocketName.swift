internal import Glibc

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
      family = .unix
      text = unsafe withUnsafeBytes(of: storage) { unsafe Self.path($0, length: Int(length)) }
      isLoopback = true
    case AF_INET:
      let address = unsafe withUnsafeBytes(of: storage) { unsafe $0.load(as: sockaddr_in.self) }
      let port = UInt16(bigEndian: address.sin_port)
      let number = address.sin_addr.s_addr
      family = .tcp
      text = unsafe withUnsafeBytes(of: number) { unsafe "\(Self.text(AF_INET, $0)):\(port)" }
      isLoopback = UInt32(bigEndian: number) >> 24 == 127
    case AF_INET6:
      let address = unsafe withUnsafeBytes(of: storage) { unsafe $0.load(as: sockaddr_in6.self) }
      let port = UInt16(bigEndian: address.sin6_port)
      let (plain, loopback) = unsafe withUnsafeBytes(of: address.sin6_addr) {
        unsafe (Self.text(AF_INET6, $0), Self.isLoopback6($0))
      }
      family = .tcp
      text = "[\(plain)]:\(port)"
      isLoopback = loopback
    default:
      family = .other
      text = "address family \(storage.ss_family)"
      isLoopback = false
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

  @unsafe
  private static func text(_ family: Int32, _ address: UnsafeRawBufferPointer) -> String {
    // `inet_ntop` ends what it writes with a zero byte inside the space that it is told of.
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { space in
      guard let start = space.baseAddress else { return "" }
      let written = unsafe inet_ntop(
        family, address.baseAddress, start, socklen_t(INET6_ADDRSTRLEN))
      return unsafe written.map { unsafe String(cString: $0) } ?? ""
    }
  }

  /// `::1`, or an IPv4 loopback address written as IPv6.
  @unsafe
  private static func isLoopback6(_ address: UnsafeRawBufferPointer) -> Bool {
    let zeros = unsafe address.prefix(10).allSatisfy { $0 == 0 }
    guard zeros else { return false }
    let tail = unsafe Array(address.suffix(6))
    return tail == [0, 0, 0, 0, 0, 1] || tail.starts(with: [0xff, 0xff, 127])
  }
}
