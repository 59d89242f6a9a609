import Glibc
import Testing

@testable import ipledger_load

/// Brings bytes in and out of regions by way of a pair of sockets.
enum Wire {
  /// What a region holds.
  static func text(_ write: (inout ByteRegion) -> Void) throws -> String {
    let (left, right) = try pair()
    defer { for end in [left, right] { close(end) } }
    var region = ByteRegion(capacity: 4_096)
    write(&region)
    let count = region.count
    let sent = region.send(to: left)
    let rest = region.count
    #expect(sent == count && rest == 0)
    var bytes = [UInt8](repeating: 0, count: count)
    #expect(read(right, &bytes, count) == count)
    return String(decoding: bytes, as: UTF8.self)
  }

  static func pair() throws -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    return (ends[0], ends[1])
  }

  /// A region that has received this.
  static func received(_ text: String, _ body: (inout ByteRegion) throws -> Void) throws {
    let (left, right) = try pair()
    defer { for end in [left, right] { close(end) } }
    let bytes = Array(text.utf8)
    #expect(write(left, bytes, bytes.count) == bytes.count)
    var region = ByteRegion(capacity: 4_096)
    let count = region.receive(from: right)
    #expect(count == bytes.count)
    try body(&region)
  }
}
