internal import Glibc

/// A connected stream socket whose every wait has an end.
///
/// It is closed with its owner.
struct ClientSocket: ~Copyable {
  /// Why the socket does no more.
  struct Failure: Error {
    let number: Int32

    var isTimeOut: Bool { number == EAGAIN || number == EINPROGRESS || number == ETIMEDOUT }

    var message: String { ClientError.kernelText(number) }
  }

  private let descriptor: Int32

  /// `domain` is `AF_UNIX`, `AF_INET` or `AF_INET6`.
  private init(domain: Int32) throws(Failure) {
    let opened = socket(domain, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard opened >= 0 else { throw Failure(number: errno) }
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Throws `ClientError.unreachable`, and `notSupported` for what needs TLS or a look-up.
  static func connected(
    to address: ServerAddress, until end: Instant
  ) throws(ClientError) -> ClientSocket {
    do throws(Failure) {
      switch address {
      case .unix(let path): return try connected(unix: path, until: end)
      case .tcp(let host, let port):
        switch NumericHost(host) {
        case .ipv4(let host): return try connected(ipv4: host, port: port, until: end)
        case .ipv6(let host): return try connected(ipv6: host, port: port, until: end)
        case nil: throw Failure(number: Failure.noName)
        }
      case .tls: throw Failure(number: Failure.noTLS)
      }
    } catch {
      throw error.clientError(at: address)
    }
  }

  /// The path has at most 107 bytes.
  private static func connected(
    unix path: String, until end: Instant
  ) throws(Failure) -> ClientSocket {
    let socket = try ClientSocket(domain: AF_UNIX)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // Safe: no more bytes are copied than `sun_path` has, and it is zero behind them.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      unsafe bytes.copyBytes(from: path.utf8.prefix(bytes.count - 1))
    }
    try socket.connect(to: address, until: end)
    return socket
  }

  private static func connected(
    ipv4 host: in_addr, port: UInt16, until end: Instant
  ) throws(Failure) -> ClientSocket {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr = host
    return try connected(tcp: AF_INET, to: address, until: end)
  }

  private static func connected(
    ipv6 host: in6_addr, port: UInt16, until end: Instant
  ) throws(Failure) -> ClientSocket {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    address.sin6_addr = host
    return try connected(tcp: AF_INET6, to: address, until: end)
  }

  private static func connected<Address>(
    tcp domain: Int32, to address: Address, until end: Instant
  ) throws(Failure) -> ClientSocket {
    let socket = try ClientSocket(domain: domain)
    try socket.connect(to: address, until: end)
    socket.sendAtOnce()
    return socket
  }

  private func connect<Address>(
    to address: Address, until end: Instant
  ) throws(Failure) {
    // A connect waits as long as sending may: also for a place in a Unix socket's full queue.
    try limit(SO_SNDTIMEO, until: end)
    // Safe: the structure is one of the kernel's addresses, given with its own size.
    let status = unsafe withUnsafeBytes(of: address) { bytes -> Int32 in
      guard let start = bytes.baseAddress else { return -1 }
      return unsafe Glibc.connect(
        descriptor, start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
    guard status == 0 else { throw Failure(number: errno) }
  }

  /// A request is one write: there is nothing to wait for.
  private func sendAtOnce() {
    var yes: Int32 = 1
    // Safe: the option is an int, given with its size. Without it the client is slower, not wrong.
    _ = unsafe setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Sends all of `bytes`.
  func send(_ bytes: [UInt8], until end: Instant) throws(Failure) {
    var start = 0
    while start < bytes.count {
      try limit(SO_SNDTIMEO, until: end)
      // Safe: the memory is the rest of the array, with its length.
      let sent = unsafe bytes.withUnsafeBytes { all in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: all[start...])
        return unsafe Glibc.send(
          descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      }
      if sent >= 0 {
        start += sent
      } else if errno != EINTR {
        throw Failure(number: errno)
      }
    }
  }

  /// Adds what has come, at least one byte, to `bytes`; false when the other side has closed.
  func receive(into bytes: inout [UInt8], until end: Instant) throws(Failure) -> Bool {
    let room = 65_536
    while true {
      try limit(SO_RCVTIMEO, until: end)
      var received = 0
      // Safe: the kernel fills no more than the capacity given, and says how much.
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        received = unsafe recv(descriptor, buffer.baseAddress, room, 0)
        count = max(received, 0)
      }
      if received > 0 {
        bytes += chunk
        return true
      }
      if received == 0 { return false }
      guard errno == EINTR else { throw Failure(number: errno) }
    }
  }

  /// Sets how long the next call may wait.
  private func limit(_ option: Int32, until end: Instant) throws(Failure) {
    let left = end.microsecondsLeft
    guard left > 0 else { throw Failure(number: ETIMEDOUT) }
    var time = timeval(tv_sec: time_t(left / 1_000_000), tv_usec: suseconds_t(left % 1_000_000))
    // Safe: the option is a timeval, given with its size.
    let status = unsafe setsockopt(
      descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    guard status == 0 else { throw Failure(number: errno) }
  }
}
