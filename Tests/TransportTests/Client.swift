import Glibc

/// A client that blocks; a wait of more than 20 seconds is a failure.
///
/// `@unchecked Sendable`: a test uses it from one task at a time.
final class Client: @unchecked Sendable {
  let descriptor: Int32
  private var received: [UInt8] = []
  /// Where the bytes start that no line has been made of.
  private var start = 0

  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
  }

  /// - Parameter name: as `Server.names` has it.
  init(_ name: String) throws {
    let isUnix = name.hasPrefix("unix:")
    // The end of a client must be seen, also while another test starts programs.
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    descriptor = socket(isUnix ? AF_UNIX : AF_INET, kind, 0)
    guard descriptor >= 0 else { throw Failure("socket") }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(
      descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let status =
      isUnix ? connect(unix: String(name.dropFirst(5))) : connect(port: name)
    guard status == 0 else { throw Failure("connect") }
  }

  deinit { close(descriptor) }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { throw Failure("send") }
      rest = rest.dropFirst(sent)
    }
  }

  /// As many bytes as the kernel takes at once; 0 when it takes none.
  func sendSome(_ bytes: [UInt8]) -> Int {
    max(0, Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)))
  }

  func endInput() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next line; nil at the end.
  func line() throws -> String? {
    while true {
      if let end = newline() {
        defer { start = end + 1 }
        return String(decoding: received[start..<end], as: UTF8.self)
      }
      received.removeSubrange(..<start)
      start = 0
      guard try receive() else { return nil }
    }
  }

  func lines(_ count: Int) throws -> [String] {
    try (0..<count).compactMap { _ in try line() }
  }

  /// Where the next line ends.
  private func newline() -> Int? {
    received.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, start < bytes.count else { return nil }
      let found = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
      return found.map { UnsafeRawPointer($0) - base }
    }
  }

  /// All lines up to the end.
  func rest() throws -> [String] {
    while try receive() {}
    let text = String(decoding: received[start...], as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }

  /// True unless the other side has ended.
  private func receive() throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count >= 0 || errno == ECONNRESET else { throw Failure("recv") }
    guard count > 0 else { return false }
    received += chunk[..<count]
    return true
  }

  private func connect(unix path: String) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// - Parameter name: ends with the port of 127.0.0.1.
  private func connect(port name: String) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = (name.split(separator: ":").last.flatMap { UInt16($0) } ?? 0).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    return withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
