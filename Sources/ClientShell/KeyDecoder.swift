/// Makes keys out of what a terminal sends, however its bytes are cut into reads.
struct KeyDecoder: Sendable {
  private var bytes: [UInt8] = []

  /// No sequence that is known is longer; what is, is dropped.
  private static let mostSequenceBytes = 16

  /// What was pressed; the start of a sequence waits for its rest.
  mutating func decode(_ received: [UInt8]) -> [Key] {
    bytes += received
    var keys: [Key] = []
    var index = 0
    while index < bytes.count, let (key, count) = Self.key(bytes[index...]) {
      if let key { keys.append(key) }
      index += count
    }
    bytes.removeFirst(index)
    return keys
  }

  /// Nothing more has come for a while: an escape that stands alone is the key.
  mutating func flush() -> [Key] {
    defer { bytes = [] }
    return bytes.first == 0x1B ? [.escape] : []
  }

  /// The first key, nil when it means nothing, and how many bytes it takes; nil when more must
  /// come.
  private static func key(_ bytes: ArraySlice<UInt8>) -> (Key?, Int)? {
    guard let first = bytes.first else { return nil }
    switch first {
    case 0x0D, 0x0A: return (.enter, 1)
    case 0x09: return (.tab, 1)
    case 0x7F, 0x08: return (.backspace, 1)
    case 0x1B: return escape(bytes)
    case 1...26: return (.control(Character(Unicode.Scalar(first + 96))), 1)
    case 0..<32: return (nil, 1)
    default: return character(bytes)
    }
  }

  private static func character(_ bytes: ArraySlice<UInt8>) -> (Key?, Int)? {
    let first = bytes[bytes.startIndex]
    let count =
      switch first {
      case ..<0x80: 1
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 0
      }
    guard count > 0 else { return (nil, 1) }
    guard bytes.count >= count else { return nil }
    guard let text = String(validating: bytes.prefix(count), as: UTF8.self),
      let character = text.first
    else { return (nil, 1) }
    return (.character(character), count)
  }

  private static func escape(_ bytes: ArraySlice<UInt8>) -> (Key?, Int)? {
    let rest = bytes.dropFirst()
    guard let second = rest.first else { return nil }
    switch second {
    case UInt8(ascii: "["), UInt8(ascii: "O"):
      let body = rest.dropFirst()
      guard let last = body.firstIndex(where: { (0x40...0x7E).contains($0) }) else {
        return bytes.count > mostSequenceBytes ? (nil, bytes.count) : nil
      }
      let text = String(decoding: body[...last], as: UTF8.self)
      return (sequences[text], last - bytes.startIndex + 1)
    case UInt8(ascii: "b"): return (.wordLeft, 2)
    case UInt8(ascii: "f"): return (.wordRight, 2)
    case 0x1B: return (.escape, 1)
    default: return (nil, 2)
    }
  }

  private static let sequences: [String: Key] = [
    "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end,
    "1~": .home, "4~": .end, "7~": .home, "8~": .end, "3~": .delete,
    "1;5C": .wordRight, "1;5D": .wordLeft, "1;3C": .wordRight, "1;3D": .wordLeft,
  ]
}
