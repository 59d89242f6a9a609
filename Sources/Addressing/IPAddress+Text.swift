// The canonical text: dotted IPv4, RFC 5952 IPv6.
extension IPAddress: CustomStringConvertible {
  /// Appends the canonical text: at most 39 bytes, without an intermediate String.
  package func appendText(to bytes: inout [UInt8]) {
    var text = AddressText()
    switch family {
    case .ipv4: appendIPv4(to: &text)
    case .ipv6: appendIPv6(to: &text)
    }
    text.append(to: &bytes)
  }

  package var description: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(39)
    appendText(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func appendIPv4(to text: inout AddressText) {
    let value = UInt32(truncatingIfNeeded: value)
    text.appendDecimal(UInt8(truncatingIfNeeded: value >> 24))
    text.append(UInt8(ascii: "."))
    text.appendDecimal(UInt8(truncatingIfNeeded: value >> 16))
    text.append(UInt8(ascii: "."))
    text.appendDecimal(UInt8(truncatingIfNeeded: value >> 8))
    text.append(UInt8(ascii: "."))
    text.appendDecimal(UInt8(truncatingIfNeeded: value))
  }

  private func group(_ index: Int) -> UInt16 {
    let half = UInt64(truncatingIfNeeded: index < 4 ? value >> 64 : value)
    return UInt16(truncatingIfNeeded: half &>> UInt64(16 &* (3 &- index & 3)))
  }

  /// The groups that `::` stands for: the longest run of zeros, of two at least, the first of
  /// several (RFC 5952 §4.2); nothing at the end when there is none.
  private var shortenedRun: Range<Int> {
    var best = 8..<8
    var length = 0
    for index in 0..<8 {
      length = group(index) == 0 ? length &+ 1 : 0
      if length > 1, length > best.count { best = (index &+ 1 &- length)..<(index &+ 1) }
    }
    return best
  }

  private func appendIPv6(to text: inout AddressText) {
    let run = shortenedRun
    var index = 0
    while index < 8 {
      if index == run.lowerBound {
        text.append(UInt8(ascii: ":"))
        text.append(UInt8(ascii: ":"))
        index = run.upperBound
        continue
      }
      if index > 0, index != run.upperBound { text.append(UInt8(ascii: ":")) }
      text.appendHex(group(index))
      index &+= 1
    }
  }
}

/// The text of an address or block while it is built: it has a place of its own, so that the bytes
/// that it goes to are grown once.
struct AddressText {
  /// The longest is that of an IPv6 block: 39 bytes, a slash, three digits.
  private var bytes = InlineArray<48, UInt8>(repeating: 0)
  private var count = 0

  mutating func append(_ byte: UInt8) {
    bytes[count] = byte
    count &+= 1
  }

  /// Appends a number of up to three digits.
  mutating func appendDecimal(_ number: UInt8) {
    if number > 99 { append(UInt8(ascii: "0") &+ number / 100) }
    if number > 9 { append(UInt8(ascii: "0") &+ number / 10 % 10) }
    append(UInt8(ascii: "0") &+ number % 10)
  }

  mutating func appendHex(_ group: UInt16) {
    if group > 0xFFF { appendDigit(group &>> 12) }
    if group > 0xFF { appendDigit(group &>> 8) }
    if group > 0xF { appendDigit(group &>> 4) }
    appendDigit(group)
  }

  private mutating func appendDigit(_ group: UInt16) {
    let digit = UInt8(truncatingIfNeeded: group & 0xF)
    append(digit &+ (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") &- 10))
  }

  func append(to target: inout [UInt8]) {
    target.append(addingCapacity: count) { output in
      for index in 0..<count { output.append(bytes[index]) }
    }
  }
}
