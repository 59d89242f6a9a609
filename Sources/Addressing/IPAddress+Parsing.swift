// Strict reading (semantics §16): no leading zeros in IPv4, no zone, no IPv4-mapped IPv6. Upper
// case, leading zeros in IPv6 groups and a missing `::` are read, and written canonically.
extension IPAddress {
  /// Reads `10.96.0.1` or `fd00:10:96::1`; nothing may stand before or after it.
  package init(parsing text: Span<UInt8>) throws(AddressTextError) {
    var hasColon = false
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: ":"): hasColon = true
      case UInt8(ascii: "%"): throw .zone
      case UInt8(ascii: "/"): throw .block
      default: break
      }
    }
    if hasColon {
      self.init(family: .ipv6, value: try Self.readIPv6(text))
    } else {
      self.init(family: .ipv4, value: UInt128(try Self.readIPv4(text)))
    }
  }

  /// The same from a String; nil for every text that is not an address.
  package init?(_ text: String) {
    do throws(AddressTextError) {
      try self.init(parsing: text.utf8Span.span)
    } catch {
      return nil
    }
  }

  private static func readIPv4(_ text: Span<UInt8>) throws(AddressTextError) -> UInt32 {
    var value: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var octets = 0
    for index in text.indices {
      let byte = text[index]
      if byte == UInt8(ascii: ".") {
        guard digits > 0, octets < 3 else { throw .notAnAddress }
        value = value << 8 | octet
        (octet, digits, octets) = (0, 0, octets + 1)
        continue
      }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { throw .notAnAddress }
      if digits > 0, octet == 0 { throw .leadingZero }
      octet = octet * 10 + UInt32(byte - UInt8(ascii: "0"))
      digits += 1
      guard octet <= 255 else { throw .notAnAddress }
    }
    guard digits > 0, octets == 3 else { throw .notAnAddress }
    return value << 8 | octet
  }

  private static func readIPv6(_ text: Span<UInt8>) throws(AddressTextError) -> UInt128 {
    let colon = UInt8(ascii: ":")
    var value: UInt128 = 0
    var groups = 0
    /// How many groups stand before `::`.
    var gap: Int?
    var index = 0
    if text[0] == colon {
      guard text.count > 1, text[1] == colon else { throw .notAnAddress }
      gap = 0
      index = 2
    }
    while index < text.count {
      let start = index
      var group: UInt128 = 0
      while index < text.count, let digit = hexDigit(text[index]) {
        guard index - start < 4 else { throw .notAnAddress }
        group = group << 4 | UInt128(digit)
        index += 1
      }
      if index < text.count, text[index] == UInt8(ascii: ".") {
        guard groups <= 6 else { throw .notAnAddress }
        value = value << 32 | UInt128(try readIPv4(text.extracting(start...)))
        groups += 2
        break
      }
      guard index > start, groups < 8 else { throw .notAnAddress }
      value = value << 16 | group
      groups += 1
      guard index < text.count else { break }
      guard text[index] == colon, index + 1 < text.count else { throw .notAnAddress }
      index += 1
      if text[index] == colon {
        guard gap == nil else { throw .notAnAddress }
        gap = groups
        index += 1
      }
    }
    if let gap {
      // `::` stands for one group at least.
      guard groups < 8 else { throw .notAnAddress }
      let tailBits = 16 * (groups - gap)
      let tail = value & ((UInt128(1) << UInt128(tailBits)) - 1)
      value = (value >> UInt128(tailBits)) << UInt128(16 * (8 - gap)) | tail
    } else {
      guard groups == 8 else { throw .notAnAddress }
    }
    guard value >> 32 != 0xffff else { throw .mappedIPv4 }
    return value
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
