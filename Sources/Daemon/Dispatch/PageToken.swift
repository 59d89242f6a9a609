import Addressing
import LineProtocol

/// The key after which a list goes on, as clients carry it: hexadecimal, and opaque to them.
enum PageToken {
  static func text(_ key: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = key.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil: from the start.
  static func key(_ page: ListPage) throws(ErrorReply) -> [UInt8]? {
    guard let token = page.continue else { return nil }
    let digits = Array(token.utf8).map { digit($0) }
    guard digits.count.isMultiple(of: 2), !digits.contains(nil) else {
      throw .invalidParams([
        Cause("continue", .invalid, "continue is what the page before answered, unchanged")
      ])
    }
    return stride(from: 0, to: digits.count, by: 2).map {
      (digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)
    }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
