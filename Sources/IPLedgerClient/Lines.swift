/// Lines out of what a socket brings.
package struct Lines: Sendable {
  /// What has come and is no whole line yet stands at the end.
  package var bytes: [UInt8] = []
  private var start = 0
  /// Everything before it has been looked at, and has no newline.
  private var searched = 0
  private let mostBytes: Int

  package init(mostBytes: Int) { self.mostBytes = mostBytes }

  /// The next whole line, without its newline; nil when more must come first.
  ///
  /// Throws `ClientError.notUnderstood` when a line passes the limit.
  package mutating func next() throws(ClientError) -> [UInt8]? {
    guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
      bytes.removeFirst(start)
      start = 0
      searched = bytes.count
      guard bytes.count <= mostBytes else {
        throw .notUnderstood("a line of more than \(mostBytes) bytes")
      }
      return nil
    }
    defer {
      start = end + 1
      searched = start
    }
    return Array(bytes[start..<end])
  }
}
