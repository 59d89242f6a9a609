internal import Addressing

// Parts of a JSON line, written in place. Whoever asks for them has made room before: each says how
// much it takes at most, and one that does not find it stops the process.
extension OutputSpan<UInt8> {
  @inline(__always)
  mutating func write(_ literal: StaticString) {
    // The pointer is that of a literal, which lives for ever, and is read inside its count.
    unsafe write(literal.utf8Start, literal.utf8CodeUnitCount)
  }

  /// Bytes as they are.
  @inline(__always)
  mutating func write(_ span: Span<UInt8>) {
    // The span's memory is read inside the closure only.
    unsafe span.withUnsafeBufferPointer { bytes in
      if let start = bytes.baseAddress { unsafe write(start, bytes.count) }
    }
  }

  /// `start` is where `count` bytes lie that are no part of this span.
  @unsafe @inline(__always)
  private mutating func write(_ start: UnsafePointer<UInt8>, _ count: Int) {
    precondition(count <= freeCapacity, "there is room for what is written")
    // The buffer has room for the bytes behind those it holds, by the condition above.
    unsafe withUnsafeMutableBufferPointer { buffer, held in
      if let base = buffer.baseAddress {
        unsafe (base + held).update(from: start, count: count)
        held &+= count
      }
    }
  }

  /// Writes again what stands at `range`, in bytes counted from this span's first one.
  mutating func `repeat`(_ range: Range<Int>) {
    precondition(range.upperBound <= count && range.count <= freeCapacity, "there is room for it")
    // Both the range and what is behind the bytes held lie in the buffer, by the condition above.
    unsafe withUnsafeMutableBufferPointer { buffer, held in
      if let base = buffer.baseAddress {
        unsafe (base + held).update(from: base + range.lowerBound, count: range.count)
        held &+= range.count
      }
    }
  }

  /// The digits of the largest `UInt64`.
  static var mostDigits: Int { 20 }

  /// Takes as many bytes as the number has digits.
  mutating func write(decimal number: UInt64) {
    var digits = number < 10 ? 1 : 2
    var limit: UInt64 = 100
    while digits < Self.mostDigits, number >= limit {
      digits &+= 1
      limit &*= 10
    }
    precondition(digits <= freeCapacity, "there is room for what is written")
    // The buffer has room for the digits behind the bytes it holds, by the condition above.
    unsafe withUnsafeMutableBufferPointer { buffer, held in
      held &+= digits
      var index = held
      var rest = number
      for _ in 0..<digits {
        index &-= 1
        unsafe buffer[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
    }
  }

  @inline(__always)
  mutating func write(_ isTrue: Bool) {
    if isTrue { write("true") } else { write("false") }
  }

  /// What an address or block takes besides `AddressText.capacity`: its quotation marks.
  static var mostAddressBytes: Int { AddressText.capacity &+ 2 }

  /// Takes `mostAddressBytes` while it is written, and keeps those of the text.
  @inline(__always)
  mutating func write(_ text: AddressText) {
    precondition(freeCapacity >= Self.mostAddressBytes, "there is room for an address")
    append(UInt8(ascii: "\""))
    // The buffer has room for a whole text behind the bytes it holds, by the condition above; what
    // is behind the text's end is written over.
    unsafe withUnsafeMutableBufferPointer { buffer, held in
      if let base = buffer.baseAddress {
        unsafe UnsafeMutableRawPointer(base + held).storeBytes(
          of: text.bytes, as: InlineArray<48, UInt8>.self)
        held &+= text.count
      }
    }
    append(UInt8(ascii: "\""))
  }

  @inline(__always)
  mutating func write(_ address: IPAddress) { write(address.text) }

  /// What `write(string:)` takes: six bytes for one, `\u001f`, where any has to be escaped.
  static func mostStringBytes(of text: Span<UInt8>) -> Int {
    (text.needingEscape(from: 0) < text.count ? 6 &* text.count : text.count) &+ 2
  }

  /// A string in valid UTF-8, with escapes where JSON needs them and nowhere else.
  mutating func write(string text: Span<UInt8>) {
    append(UInt8(ascii: "\""))
    var index = 0
    while true {
      let end = text.needingEscape(from: index)
      write(text.extracting(index..<end))
      guard end < text.count else { break }
      write(escapeOf: text[end])
      index = end + 1
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func write(escapeOf byte: UInt8) {
    switch byte {
    case 0x08: write(#"\b"#)
    case 0x0C: write(#"\f"#)
    case UInt8(ascii: "\n"): write(#"\n"#)
    case UInt8(ascii: "\r"): write(#"\r"#)
    case UInt8(ascii: "\t"): write(#"\t"#)
    case ..<0x20:
      if byte < 0x10 { write(#"\u000"#) } else { write(#"\u001"#) }
      let digit = byte & 0xF
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    default:
      append(UInt8(ascii: "\\"))
      append(byte)
    }
  }
}

extension OutputSpan<UInt8> {
  /// Takes `id.mostBytes`.
  mutating func write(_ id: RequestID) {
    switch id {
    case .null: write("null")
    case .int(let number):
      if number < 0 { append(UInt8(ascii: "-")) }
      write(decimal: number.magnitude)
    case .unsigned(let number): write(decimal: number)
    case .string(let json): write(json.span)
    }
  }

  /// What `writeAnswerStart` takes besides the ID, and `writeAnswerEnd`.
  static var answerBytes: Int { 48 }

  /// An answer up to where the result's value goes.
  mutating func writeAnswerStart(_ id: RequestID) {
    write(#"{"jsonrpc":"2.0","id":"#)
    write(id)
    write(#","result":"#)
  }

  @inline(__always)
  mutating func writeAnswerEnd() {
    append(UInt8(ascii: "}"))
  }
}

extension RequestID {
  /// What the ID takes in an answer, at most.
  var mostBytes: Int {
    switch self {
    case .null: 4
    case .int, .unsigned: OutputSpan<UInt8>.mostDigits + 1
    case .string(let json): json.count
    }
  }
}

extension Span<UInt8> {
  /// The first byte from `start` on that a JSON string cannot hold as it is.
  @inline(__always)
  fileprivate func needingEscape(from start: Int) -> Int {
    var index = plainTextEnd(from: start)
    while index < count, byte(at: index) >= 0x80 { index = plainTextEnd(from: index + 1) }
    return index
  }
}
