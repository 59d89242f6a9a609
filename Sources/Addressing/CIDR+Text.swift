extension CIDR: CustomStringConvertible {
  /// Reads `10.96.0.0/16`; the address as `IPAddress` reads it, and without host bits.
  package init(parsing text: Span<UInt8>) throws(AddressTextError) {
    var slash = text.count
    while slash > 0, text[slash - 1] != UInt8(ascii: "/") { slash -= 1 }
    guard slash > 0 else {
      _ = try IPAddress(parsing: text)
      throw .missingPrefixLength
    }
    let address = try IPAddress(parsing: text.extracting(..<(slash - 1)))
    let length = try Self.readPrefixLength(text.extracting(slash...), of: address.family)
    if let block = CIDR(base: address, prefixLength: length) {
      self = block
      return
    }
    guard let meant = CIDR(containing: address, prefixLength: length) else {
      throw .badPrefixLength(address.family)
    }
    throw .hostBits(meant)
  }

  /// The same from a String; nil for every text that is not a block.
  package init?(_ text: String) {
    do throws(AddressTextError) {
      try self.init(parsing: text.utf8Span.span)
    } catch {
      return nil
    }
  }

  /// Appends the canonical text: at most 43 bytes, without an intermediate String.
  package func appendText(to bytes: inout [UInt8]) { text.append(to: &bytes) }

  /// The canonical text, without a heap.
  package var text: AddressText {
    var text = base.text
    text.append(UInt8(ascii: "/"))
    text.appendDecimal(UInt8(prefixLength))
    return text
  }

  @usableFromInline
  package var description: String {
    var bytes: [UInt8] = []
    appendText(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func readPrefixLength(
    _ text: Span<UInt8>, of family: IPFamily
  ) throws(AddressTextError) -> Int {
    guard !text.isEmpty, text.count <= 3 else { throw .badPrefixLength(family) }
    var length = 0
    for index in text.indices {
      let byte = text[index]
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
        throw .badPrefixLength(family)
      }
      length = length * 10 + Int(byte - UInt8(ascii: "0"))
    }
    if text.count > 1, text[0] == UInt8(ascii: "0") { throw .leadingZero }
    guard length <= family.bitWidth else { throw .badPrefixLength(family) }
    return length
  }
}
