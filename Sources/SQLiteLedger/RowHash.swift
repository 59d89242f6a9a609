/// The checksum of a row: a 64-bit hash, a word at a time.
///
/// Every step is a bijection of the state and of the word that it takes in. So damage to any one
/// word is found always, and damage to several is missed once in 2^64.
struct RowHash {
  private var state: UInt64

  /// The tag tells the tables apart, so that a row verifies only where it belongs.
  init(table: UInt64) {
    state = table &* Self.multiplier
  }

  private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func add(_ word: UInt64) {
    let mixed = ((state << 29 | state >> 35) ^ word) &* Self.multiplier
    state = mixed ^ (mixed >> 32)
  }

  mutating func add(_ word: Int64) { add(UInt64(bitPattern: word)) }

  /// Takes in a byte string, told apart from any other split.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(UInt64(bytes.count))
    guard let start = bytes.baseAddress else { return }
    var index = 0
    while index &+ 8 <= bytes.count {
      // Safe: eight bytes from `index` lie inside the buffer, by the condition above.
      add(unsafe start.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian)
      index &+= 8
    }
    let left = bytes.count &- index
    guard left > 0 else { return }
    var tail: UInt64 = 0
    if bytes.count >= 8 {
      // Safe: the last eight bytes, without those that were taken in.
      let last = unsafe start.loadUnaligned(fromByteOffset: bytes.count &- 8, as: UInt64.self)
      tail = last.bigEndian & (1 &<< UInt64(8 &* left) &- 1)
    } else {
      // Safe: all of these lie inside the buffer.
      for place in index..<bytes.count { tail = unsafe tail &<< 8 | UInt64(bytes[place]) }
    }
    add(tail)
  }

  var checksum: UInt64 { state }
}

/// The rows of a table as one value: how many, and the sum of their checksums.
///
/// Each change of a row updates it. A row that damage hides, doubles or turns back to what it once
/// was makes it differ.
struct TableDigest: Equatable, Sendable {
  private(set) var count: UInt64 = 0
  private(set) var sum: UInt64 = 0

  mutating func insert(_ checksum: UInt64) {
    count &+= 1
    sum &+= checksum
  }

  mutating func remove(_ checksum: UInt64) {
    count &-= 1
    sum &-= checksum
  }
}
