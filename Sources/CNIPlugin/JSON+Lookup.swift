internal import IPLedgerClient

extension JSON {
  /// The member `name` as runtimes read their files: in any case, and null is as good as absent.
  ///
  /// Of several spellings the last one counts.
  func find(_ name: String) -> JSON? {
    guard let members else { return nil }
    return members.last { member in
      member.value != .null && Self.isSame(member.name, name)
    }?.value
  }

  /// Whether two names differ in the case of ASCII letters only.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count
      && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
