import Foundation

/// A blocking client of the line protocol, as small as one can be: lines out, lines in.
///
/// It is used by one thread at a time.
package final class LineClient {
  private let socket: Int32

  /// The daemon at the other end, which lives as long as its clients.
  private let daemon: DaemonProcess?
  private var buffer: [UInt8] = []
  private var scanned = 0
  private var nextID = 1
  private var early: [JSON: JSON] = [:]
  private var isClosed = false

  package init(unix path: String, of daemon: DaemonProcess? = nil) throws {
    self.daemon = daemon
    socket = try StreamSocket.connect(unix: path)
  }

  /// - Parameter host: an IPv4 address in dotted form.
  package init(tcp host: String, port: UInt16, of daemon: DaemonProcess? = nil) throws {
    self.daemon = daemon
    socket = try StreamSocket.connect(host: host, port: port)
  }

  deinit { close() }

  package func close() {
    guard !isClosed else { return }
    isClosed = true
    Glibc.close(socket)
  }

  package var descriptor: Int32 { socket }

  /// Sends bytes as they are.
  ///
  /// Throws when the other side has closed.
  package func send(bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw HarnessFailure.system("send", errno) }
      sent += count
    }
  }

  /// Sends what fits into the socket right now, and says how much that was.
  package func sendWithoutWaiting(bytes: [UInt8]) throws -> Int {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    let count = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, flags) }
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR { return 0 }
    throw HarnessFailure.system("send", errno)
  }

  package func send(line: String) throws { try send(bytes: Array((line + "\n").utf8)) }

  package func shutdownWriting() { shutdown(socket, Int32(SHUT_WR)) }

  /// The next line without its end; nil when the other side has closed.
  package func readLine(within deadline: Deadline = .usual) throws -> String? {
    while true {
      if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeSubrange(...end)
        scanned = 0
        return line
      }
      scanned = buffer.count
      guard try receive(within: deadline) else { return nil }
    }
  }

  /// Reads the other side's closing; throws when a line comes instead.
  package func expectEnd() throws {
    if let line = try readLine() {
      throw HarnessFailure.ended("a line instead of the end: \(line)")
    }
  }

  private func receive(within deadline: Deadline) throws -> Bool {
    var wanted = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    let ready = poll(&wanted, 1, deadline.milliseconds)
    if ready < 0, errno == EINTR { return true }
    guard ready > 0 else {
      if deadline.hasPassed { throw HarnessFailure.deadline("an answer") }
      return true
    }
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &chunk, chunk.count, 0)
    if count < 0, errno == EINTR { return true }
    guard count > 0 else { return false }
    buffer += chunk[..<count]
    return true
  }

  /// The next line as JSON.
  package func readJSON(within deadline: Deadline = .usual) throws -> JSON {
    guard let line = try readLine(within: deadline) else {
      throw HarnessFailure.ended("the connection was closed")
    }
    guard let value = JSON(parsing: line) else { throw HarnessFailure.ended("no JSON: \(line)") }
    return value
  }
}

extension LineClient {
  /// Sends a request and does not wait: `answer(to:)` with what this returns does.
  package func begin(_ method: String, _ params: JSON = [:]) throws -> JSON {
    let id = JSON.int(nextID)
    nextID += 1
    try send(line: Self.request(method, params, id: id).line)
    return id
  }

  package static func request(_ method: String, _ params: JSON, id: JSON) -> JSON {
    ["jsonrpc": "2.0", "id": id, "method": .string(method), "params": params]
  }

  /// The answer with this id; what comes before it is kept for whoever asks for it.
  package func answer(to id: JSON, within deadline: Deadline = .usual) throws -> Answer {
    if let answer = early.removeValue(forKey: id) { return Answer(answer) }
    while true {
      let value = try readJSON(within: deadline)
      guard let got = value["id"] else {
        throw HarnessFailure.ended("an answer without id: \(value)")
      }
      if got == id { return Answer(value) }
      if got == .null { throw HarnessFailure.ended("an answer to nothing: \(value)") }
      early[got] = value
    }
  }

  @discardableResult
  package func request(
    _ method: String, _ params: JSON = [:], within deadline: Deadline = .usual
  ) throws -> Answer {
    try answer(to: try begin(method, params), within: deadline)
  }

  /// Sends a raw line and reads the one line that answers it.
  package func exchange(_ line: String) throws -> Answer {
    try send(line: line)
    return Answer(try readJSON())
  }

  /// All items of a list method, page by page.
  package func all(_ method: String, _ params: JSON = [:], limit: Int = 500) throws -> [JSON] {
    var items: [JSON] = []
    var page = params.with("limit", .int(limit))
    while true {
      let answer = try request(method, page)
      guard let result = answer.result, let some = result["items"]?.list else {
        throw HarnessFailure.ended("\(method): \(answer)")
      }
      items += some
      guard let next = result["continue"] else { return items }
      page = page.with("continue", next)
    }
  }
}

/// An answer, and the parts of it that tests look at.
package struct Answer: Sendable, CustomStringConvertible {
  package let json: JSON

  package init(_ json: JSON) { self.json = json }

  package var result: JSON? { json["result"] }
  package var error: JSON? { json["error"] }
  package var data: JSON? { json["error"]?["data"] }
  package var id: JSON? { json["id"] }
  package var code: Int? { error?["code"]?.int }
  package var reason: String? { data?["reason"]?.text }
  package var revision: Int? { (result ?? data)?["revision"]?.int }

  /// The findings as `field Reason`: what the contract fixes of them.
  package var causes: Set<String> {
    Set(
      (data?["causes"]?.list ?? []).map {
        "\($0["field"]?.text ?? "?") \($0["reason"]?.text ?? "?")"
      })
  }

  package var description: String { json.line }
}
