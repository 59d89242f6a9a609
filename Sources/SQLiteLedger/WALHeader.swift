/// The running checksum of SQLite's write-ahead log over words of four bytes.
struct WALChecksum: Equatable {
  var first: UInt32 = 0
  var second: UInt32 = 0

  /// Takes in bytes; their count is a multiple of eight.
  mutating func add(_ bytes: UnsafeRawBufferPointer, isBigEndian: Bool) {
    var index = 0
    var first = first
    var second = second
    while index &+ 8 <= bytes.count {
      // Safe: eight bytes from `index` lie inside the buffer, by the condition above.
      let left = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)
      let right = unsafe bytes.loadUnaligned(fromByteOffset: index &+ 4, as: UInt32.self)
      first = first &+ (isBigEndian ? left.bigEndian : left.littleEndian) &+ second
      second = second &+ (isBigEndian ? right.bigEndian : right.littleEndian) &+ first
      index &+= 8
    }
    self.first = first
    self.second = second
  }
}

/// The header of a write-ahead log (SQLite file format, 4.1).
///
/// Unsafe expressions: the pointers are lent by the caller; every read lies inside the 32 bytes of
/// a header or the frame that was asked for.
struct WALHeader: Equatable {
  static let byteCount = 32

  let isBigEndian: Bool
  let pageSize: Int
  let salts: UInt64
  let checksum: WALChecksum

  private static let magic: UInt32 = 0x377F_0682

  /// Nil when these bytes are no header: SQLite then takes the whole log for empty.
  init?(_ bytes: UnsafeRawBufferPointer) {
    let magic = unsafe bytes.bigEndian32(at: 0)
    let pageSize = unsafe Int(bytes.bigEndian32(at: 8))
    guard magic & ~1 == Self.magic, pageSize.nonzeroBitCount == 1, 512...65_536 ~= pageSize
    else { return nil }
    isBigEndian = magic & 1 != 0
    self.pageSize = pageSize
    salts = unsafe bytes.bigEndian64(at: 16)
    var checksum = WALChecksum()
    unsafe checksum.add(
      UnsafeRawBufferPointer(rebasing: bytes[0..<24]), isBigEndian: isBigEndian)
    self.checksum = checksum
    guard unsafe checksum == WALChecksum(storedAt: 24, in: bytes) else { return nil }
  }

  /// The headers that these bytes would be if one byte of them were another.
  ///
  /// Such bytes are what a flipped bit leaves, and no torn or half-written sector. A few headers
  /// may fit, as the sum's last step is simple.
  static func repaired(_ bytes: [UInt8]) -> [WALHeader] {
    var bytes = bytes
    var headers: [WALHeader] = []
    for index in bytes.indices {
      let original = bytes[index]
      for value in UInt8.min ... .max where value != original {
        bytes[index] = value
        if let header = unsafe bytes.withUnsafeBytes({ unsafe WALHeader($0) }) {
          headers.append(header)
        }
      }
      bytes[index] = original
    }
    return headers
  }
}

extension WALChecksum {
  init(storedAt offset: Int, in bytes: UnsafeRawBufferPointer) {
    first = unsafe bytes.bigEndian32(at: offset)
    second = unsafe bytes.bigEndian32(at: offset + 4)
  }
}

extension UnsafeRawBufferPointer {
  func bigEndian32(at offset: Int) -> UInt32 {
    unsafe UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  func bigEndian64(at offset: Int) -> UInt64 {
    unsafe UInt64(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
