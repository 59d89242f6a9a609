import Glibc

/// One client of the load: a socket, a few slots for requests in flight, and their bytes.
///
/// A slot's number is the id of its request: an answer finds its slot by it.
final class Connection {
  /// A request in flight.
  struct Slot {
    var request: Request
    var sentAt: UInt64
    var isBusy = false
  }

  let socket: Int32
  var slots: [Slot]
  var output: ByteRegion
  var input = ByteRegion(capacity: 1 << 18)
  /// Whether there is something in `output` that was not given to the socket yet.
  var isTouched = false
  /// Whether the poller watches for room to write.
  var isWatchedForWriting = false

  init(unix path: String, depth: Int) throws(LoadFailure) {
    slots = Array(repeating: Slot(request: Request(.register, 0), sentAt: 0), count: depth)
    output = ByteRegion(capacity: depth * RequestWriter.largestRequest)
    socket = try Self.connect(to: path)
  }

  deinit { close(socket) }

  private static func connect(to path: String) throws(LoadFailure) -> Int32 {
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
    guard connected == 0, fcntl(socket, F_SETFL, O_NONBLOCK) == 0 else {
      let number = errno
      close(socket)
      throw .system(call: "connect", number: number)
    }
    return socket
  }

  /// Writes what waits, as far as the socket takes it; true when all is gone.
  func flush() throws(LoadFailure) -> Bool {
    while !output.isEmpty {
      if output.send(to: socket) >= 0 { continue }
      if errno == EAGAIN { return false }
      if errno == EPIPE || errno == ECONNRESET { throw .closed }
      if errno != EINTR { throw .system(call: "send", number: errno) }
    }
    return true
  }

  /// Reads what has come; false when nothing had.
  func fill() throws(LoadFailure) -> Bool {
    while true {
      let received = input.receive(from: socket)
      if received > 0 { return true }
      if received == 0 || errno == ECONNRESET { throw .closed }
      if errno == EAGAIN { return false }
      if errno != EINTR { throw .system(call: "recv", number: errno) }
    }
  }
}
