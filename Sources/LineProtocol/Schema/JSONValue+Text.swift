/// How a value is laid out as text.
package enum JSONLayout: Sendable {
  /// No white space: one line, as the protocol's messages are.
  case line

  /// Two spaces a level, one member a line, a newline at the end: for files that people read.
  case pages
}

extension JSONValue {
  /// The same bytes for the same value, always: members in their order, one way to write each.
  package func encoded(_ layout: JSONLayout) -> [UInt8] {
    var text = JSONValueText(layout: layout)
    text.append(self, level: 0)
    if layout == .pages { text.bytes.append(UInt8(ascii: "\n")) }
    return text.bytes
  }
}

/// Writes values one behind the other, and remembers the layout.
private struct JSONValueText {
  let layout: JSONLayout
  var bytes: [UInt8] = []

  mutating func append(_ value: JSONValue, level: Int) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .int(let value): bytes.append(contentsOf: String(value).utf8)
    case .string(let value): append(string: value)
    case .array(let items):
      append(open: "[", close: "]", count: items.count, level: level) { text, index in
        text.append(items[index], level: level + 1)
      }
    case .object(let members):
      append(open: "{", close: "}", count: members.count, level: level) { text, index in
        text.append(string: members[index].name)
        text.bytes.append(contentsOf: (text.layout == .pages ? ": " : ":").utf8)
        text.append(members[index].value, level: level + 1)
      }
    }
  }

  private mutating func append(
    open: Unicode.Scalar, close: Unicode.Scalar, count: Int, level: Int,
    item: (inout JSONValueText, Int) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    for index in 0..<count {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine(level: level + 1)
      item(&self, index)
    }
    if count > 0 { breakLine(level: level) }
    bytes.append(UInt8(ascii: close))
  }

  private mutating func breakLine(level: Int) {
    guard layout == .pages else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
  }

  private mutating func append(string: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case 0..<0x20: preconditionFailure("descriptions hold no other control characters")
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
