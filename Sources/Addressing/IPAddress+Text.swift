// The canonical text: dotted IPv4, RFC 5952 IPv6.
extension IPAddress: CustomStringConvertible {
  /// Appends the canonical text, without an intermediate String.
  package func appendText(to bytes: inout [UInt8]) { text.append(to: &bytes) }

  /// The canonical text, without a heap.
  package var text: AddressText {
    var text = AddressText()
    switch family {
    case .ipv4: appendIPv4(to: &text)
    case .ipv6: appendIPv6(to: &text)
    }
    return text
  }

  @usableFromInline
  package var description: String {
    var bytes: [UInt8] = []
    appendText(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @inline(__always)
  private func appendIPv4(to text: inout AddressText) {
    let value = UInt32(truncatingIfNeeded: value)
    text.appendDecimal(UInt8(truncatingIfNeeded: value &>> 24))
    text.append(UInt8(ascii: "."))
    text.appendDecimal(UInt8(truncatingIfNeeded: value &>> 16))
    text.append(UInt8(ascii: "."))
    text.appendDecimal(UInt8(truncatingIfNeeded: value &>> 8))
    text.append(UInt8(ascii: "."))
    text.appendDecimal(UInt8(truncatingIfNeeded: value))
  }

  @inline(__always)
  private func appendIPv6(to text: inout AddressText) {
    let high = UInt64(truncatingIfNeeded: value &>> 64)
    let low = UInt64(truncatingIfNeeded: value)
    let run = Self.shortenedRun(Self.zeroGroups(high) | Self.zeroGroups(low) &<< 4)
    var index = 0
    while index < 8 {
      if index == run.start {
        text.append(UInt8(ascii: ":"))
        text.append(UInt8(ascii: ":"))
        index = run.end
        continue
      }
      if index > 0, index != run.end { text.append(UInt8(ascii: ":")) }
      let half = index < 4 ? high : low
      text.appendHex(UInt16(truncatingIfNeeded: half &>> UInt64(16 &* (3 &- index & 3))))
      index &+= 1
    }
  }

  /// A bit for each group that is zero, the lowest one for the first group.
  private static func zeroGroups(_ half: UInt64) -> UInt8 {
    var groups: UInt8 = 0
    if half &>> 48 == 0 { groups |= 1 }
    if half &>> 32 & 0xFFFF == 0 { groups |= 2 }
    if half &>> 16 & 0xFFFF == 0 { groups |= 4 }
    if half & 0xFFFF == 0 { groups |= 8 }
    return groups
  }

  /// The groups that `::` stands for: the longest run of zeros, of two at least, the first of
  /// several (RFC 5952 §4.2); nothing at the end when there is none.
  private static func shortenedRun(_ zeroGroups: UInt8) -> (start: Int, end: Int) {
    // Each step leaves the starts of runs that are longer by one.
    var starts = zeroGroups
    var longest: UInt8 = 0
    var length = 0
    while starts != 0 {
      longest = starts
      length &+= 1
      starts &= starts &>> 1
    }
    guard length > 1 else { return (8, 8) }
    let start = longest.trailingZeroBitCount
    return (start, start &+ length)
  }
}

/// The text of an address or block, in a place of its own: whoever copies it out does so at once.
package struct AddressText: Sendable {
  /// What a text has room for; the longest is an IPv6 block's: 39 bytes, a slash, three digits.
  package static let capacity = 48

  /// Those behind `count` are zero.
  package private(set) var bytes = InlineArray<48, UInt8>(repeating: 0)
  package private(set) var count = 0

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    bytes[count] = byte
    count &+= 1
  }

  /// Appends a number of up to three digits.
  @inline(__always)
  mutating func appendDecimal(_ number: UInt8) {
    if number > 9 {
      if number > 99 { append(UInt8(ascii: "0") &+ number / 100) }
      append(UInt8(ascii: "0") &+ number / 10 % 10)
    }
    append(UInt8(ascii: "0") &+ number % 10)
  }

  /// Appends a number in hexadecimal digits, without leading zeros.
  @inline(__always)
  mutating func appendHex(_ group: UInt16) {
    // One digit in each byte, the first one lowest.
    let group = UInt32(group)
    let digits = group &>> 12 | group & 0xF00 | (group & 0xF0) &<< 12 | (group & 0xF) &<< 24
    // Adding 6 reaches the next four bits from 10 on: there, 'a' to 'f' follow 39 behind '9'.
    let isLetter = (digits &+ 0x0606_0606) &>> 4 & 0x0101_0101
    let text = digits &+ 0x3030_3030 &+ isLetter &* 39
    if group > 0xFFF { append(UInt8(truncatingIfNeeded: text)) }
    if group > 0xFF { append(UInt8(truncatingIfNeeded: text &>> 8)) }
    if group > 0xF { append(UInt8(truncatingIfNeeded: text &>> 16)) }
    append(UInt8(truncatingIfNeeded: text &>> 24))
  }

  func append(to target: inout [UInt8]) {
    target.append(addingCapacity: count) { output in
      for index in 0..<count { output.append(bytes[index]) }
    }
  }
}
