import Glibc
import IPLedgerClient
import NIOSSL

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

  /// With TLS: what it makes of `output`, and what `input` is made of.
  private let tls: TLSSession?
  private var sealed: ByteRegion
  private var received: ByteRegion

  /// - Parameter context: for TLS; nil: none.
  init(to endpoint: ServerAddress, depth: Int, context: NIOSSLContext?) throws(LoadFailure) {
    slots = Array(repeating: Slot(request: Request(.register, 0), sentAt: 0), count: depth)
    let size = depth * RequestWriter.largestRequest
    output = ByteRegion(capacity: size)
    if let context, let host = endpoint.host {
      tls = try TLSSession(context, host: host)
    } else {
      tls = nil
    }
    // Room for records' heads and a handshake besides.
    sealed = ByteRegion(capacity: tls == nil ? 1 : 2 * size + 65_536)
    received = ByteRegion(capacity: tls == nil ? 1 : 65_536)
    socket = try StreamSocket.connect(to: endpoint)
  }

  deinit { close(socket) }

  var isEncrypted: Bool { tls != nil }

  /// Writes what waits, as far as the socket takes it; true when all is gone.
  func flush() throws(LoadFailure) -> Bool {
    guard let tls else { return try send(&output) }
    try tls.encrypt(&output, into: &sealed)
    return try send(&sealed)
  }

  private func send(_ region: inout ByteRegion) throws(LoadFailure) -> Bool {
    while !region.isEmpty {
      if region.send(to: socket) >= 0 { continue }
      if errno == EAGAIN { return false }
      if errno == EPIPE || errno == ECONNRESET { throw .closed }
      if errno != EINTR { throw .system(call: "send", number: errno) }
    }
    return true
  }

  /// Reads what has come; false when nothing had.
  func fill() throws(LoadFailure) -> Bool {
    guard let tls else { return try receive(&input) }
    guard try receive(&received) else { return false }
    try tls.decrypt(&received, into: &input)
    return true
  }

  private func receive(_ region: inout ByteRegion) throws(LoadFailure) -> Bool {
    while true {
      let count = region.receive(from: socket)
      if count > 0 { return true }
      if count == 0 || errno == ECONNRESET { throw .closed }
      if errno == EAGAIN { return false }
      if errno != EINTR { throw .system(call: "recv", number: errno) }
    }
  }
}
