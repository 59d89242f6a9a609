import Foundation

/// The other end of `NOTIFY_SOCKET`: what a service manager hears from the daemon.
package final class NotifySocket: Sendable {
  package let path: String
  private let socket: Int32

  package init(path: String) throws {
    self.path = path
    let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    socket = Glibc.socket(AF_UNIX, kind, 0)
    guard socket >= 0 else { throw HarnessFailure.system("socket", errno) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    precondition(bytes.count < 108, "a Unix socket's path has at most 107 bytes")
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) }
    }
    guard bound == 0 else {
      let number = errno
      close(socket)
      throw HarnessFailure.system("bind", number)
    }
  }

  deinit { close(socket) }

  /// The lines of the messages up to one that holds `line`; throws when none comes in time.
  @discardableResult
  package func waitFor(_ line: String, within deadline: Deadline = .usual) throws -> [String] {
    var lines: [String] = []
    while !lines.contains(line) {
      var wanted = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      let ready = poll(&wanted, 1, deadline.milliseconds)
      if ready <= 0 {
        if deadline.hasPassed { throw HarnessFailure.deadline("\(line), heard: \(lines)") }
        continue
      }
      var message = [UInt8](repeating: 0, count: 4096)
      let count = recv(socket, &message, message.count, 0)
      guard count > 0 else { continue }
      let text = String(decoding: message[..<count], as: UTF8.self)
      lines += text.split(separator: "\n").map { String($0) }
    }
    return lines
  }
}
