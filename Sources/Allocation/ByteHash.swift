import AddressBitmap

/// A seeded hash over bytes, eight at a time: which shard, which slot.
///
/// The seed is drawn once per process, so that nobody outside can aim at one slot.
struct ByteHash: Sendable {
  private let seed: UInt64

  init(seed: UInt64 = .random(in: .min ... .max)) {
    self.seed = seed
  }

  /// The hash of `bytes`; any length.
  func callAsFunction(_ bytes: Span<UInt8>) -> UInt32 {
    var state = seed ^ UInt64(truncatingIfNeeded: bytes.count)
    let end = bytes.forEachWord { state = Self.mix(state ^ $0) }
    return Self.fold(Self.mix(state ^ bytes.tail(from: end)))
  }

  /// The hash of two byte strings one after the other, told apart from any other split.
  func callAsFunction(_ first: Span<UInt8>, _ second: Span<UInt8>) -> UInt32 {
    let left = UInt64(self(first))
    let right = UInt64(self(second))
    return Self.fold(Self.mix(seed ^ (left << 32 | right)))
  }

  func callAsFunction(_ number: UInt128) -> UInt32 {
    let low = UInt64(truncatingIfNeeded: number)
    let high = UInt64(truncatingIfNeeded: number >> 64)
    return Self.fold(Self.mix(Self.mix(seed ^ low) ^ high))
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low ^ (value >> 29)
  }

  private static func fold(_ value: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: value ^ (value >> 32))
  }
}

extension Span<UInt8> {
  /// Byte order, as SQLite orders blobs.
  func precedes(_ other: Span<UInt8>) -> Bool {
    let shared = Swift.min(count, other.count)
    var index = 0
    while index < shared {
      if self[index] != other[index] { return self[index] < other[index] }
      index &+= 1
    }
    return count < other.count
  }
}
