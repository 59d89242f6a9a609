import Addressing

/// Reads the list of addresses or blocks that an answer has under a name.
struct AddressList {
  /// At most one of each family is expected; nil: none.
  private(set) var ipv4: IPAddress?
  private(set) var ipv6: IPAddress?
  /// Whether the list was there and each entry was an address of a family that had none yet.
  private(set) var isWhole = false

  init(_ name: StaticString, _ line: Range<Int>, in region: borrowing ByteRegion) {
    isWhole = Self.entries(name, line, in: region) { range in
      let address = region.read(range) { text in try? IPAddress(parsing: text) }
      guard let address else { return false }
      switch address.family {
      case .ipv4:
        guard ipv4 == nil else { return false }
        ipv4 = address
      case .ipv6:
        guard ipv6 == nil else { return false }
        ipv6 = address
      }
      return true
    }
  }

  /// The blocks under a name; nil when there is none, or something else.
  static func blocks(
    _ name: StaticString, _ line: Range<Int>, in region: borrowing ByteRegion
  ) -> [CIDR]? {
    var blocks: [CIDR] = []
    let isWhole = entries(name, line, in: region) { range in
      guard let block = region.read(range, { text in try? CIDR(parsing: text) }) else {
        return false
      }
      blocks.append(block)
      return true
    }
    return isWhole ? blocks : nil
  }

  /// Visits each string of a list; false when there is no list, or a visit said so.
  private static func entries(
    _ name: StaticString, _ line: Range<Int>, in region: borrowing ByteRegion,
    _ visit: (Range<Int>) -> Bool
  ) -> Bool {
    guard var position = region.position(after: name, in: line) else { return false }
    while region.stands("\"", at: position, in: line) {
      guard let range = region.quoted(from: position + 1, in: line), visit(range) else {
        return false
      }
      position = range.upperBound + 1
      if region.stands(",", at: position, in: line) { position += 1 }
    }
    return region.stands("]", at: position, in: line)
  }
}
