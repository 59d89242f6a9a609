import AddressBitmap
import Addressing

/// An object as the ledger stores it and memory keeps it: its owner key, then its body.
///
/// Layout: the key's length in two bytes (little endian), the key, the body. A key is its members
/// in the contract's order with a NUL between them (names hold no control characters), so that
/// byte order is the order of lists and prefixes are namespaces.
package struct PackedObject: Sendable, Equatable {
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  package var keyCount: Int { Int(bytes[0]) | Int(bytes[1]) << 8 }

  package var keyRange: Range<Int> { 2..<(2 + keyCount) }

  package var bodyStart: Int { 2 + keyCount }

  /// The members of the key, as text.
  package var keyMembers: [String] {
    bytes[keyRange].split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  func hasKey(_ key: Span<UInt8>) -> Bool {
    bytes.span.extracting(keyRange).equals(key)
  }
}

/// What an object is written to: the length of its key, the key, the body.
protocol PackedOutput: ~Copyable {
  mutating func append(_ span: Span<UInt8>)
  mutating func byte(_ value: UInt8)

  /// Four bytes, the lowest first.
  mutating func half(_ value: UInt32)

  /// Eight bytes, the lowest first.
  mutating func word(_ value: UInt64)
}

extension PackedOutput where Self: ~Copyable {
  @inline(__always)
  mutating func key(_ key: Span<UInt8>) {
    precondition(key.count <= Int(UInt16.max), "a key is a few names")
    byte(UInt8(truncatingIfNeeded: key.count))
    byte(UInt8(truncatingIfNeeded: key.count &>> 8))
    append(key)
  }

  /// A count, seven bits a byte, the lowest first.
  @inline(__always)
  mutating func length(_ count: Int) {
    var rest = count
    while rest >= 128 {
      byte(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    byte(UInt8(rest))
  }

  @inline(__always)
  mutating func text(_ span: Span<UInt8>) {
    length(span.count)
    append(span)
  }

  /// The family, and the number with its highest byte first.
  @inline(__always)
  mutating func address(_ address: IPAddress) {
    let low = UInt64(truncatingIfNeeded: address.value)
    switch address.family {
    case .ipv4:
      byte(IPFamily.ipv4.rawValue)
      half(UInt32(truncatingIfNeeded: low).byteSwapped)
    case .ipv6:
      byte(IPFamily.ipv6.rawValue)
      word(UInt64(truncatingIfNeeded: address.value &>> 64).byteSwapped)
      word(low.byteSwapped)
    }
  }
}

/// An object of a known size.
extension ByteFiller: PackedOutput {}

/// Writes an object into an array that grows.
struct PackedWriter: PackedOutput {
  private(set) var bytes: [UInt8]

  init(key: Span<UInt8>, bodyCapacity: Int) {
    bytes = []
    bytes.reserveCapacity(2 + key.count + bodyCapacity)
    self.key(key)
  }

  mutating func append(_ span: Span<UInt8>) { bytes.append(copying: span) }

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  mutating func half(_ value: UInt32) {
    for shift in UInt32(0)..<4 { byte(UInt8(truncatingIfNeeded: value &>> (8 &* shift))) }
  }

  mutating func word(_ value: UInt64) {
    half(UInt32(truncatingIfNeeded: value))
    half(UInt32(truncatingIfNeeded: value &>> 32))
  }

  mutating func text(_ string: String) {
    length(string.utf8.count)
    bytes.append(contentsOf: string.utf8)
  }

  /// A text that may be absent.
  mutating func optional(_ string: String?) {
    byte(string == nil ? 0 : 1)
    if let string { text(string) }
  }

  mutating func list(_ strings: [String]?) {
    byte(strings == nil ? 0 : 1)
    guard let strings else { return }
    length(strings.count)
    for string in strings { text(string) }
  }

  mutating func cidr(_ cidr: CIDR) {
    address(cidr.base)
    bytes.append(UInt8(cidr.prefixLength))
  }
}

/// Reads a body in the order in which it was written.
///
/// Bodies come from the engine itself or, checksummed, from the ledger; one that does not follow
/// its layout is a programmer's error and stops at a bounds check.
struct PackedReader: ~Escapable {
  private let bytes: Span<UInt8>
  private(set) var position: Int

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, at position: Int) {
    self.bytes = bytes
    self.position = position
  }

  @inline(__always)
  mutating func byte() -> UInt8 {
    defer { position &+= 1 }
    return bytes[position]
  }

  @inline(__always)
  mutating func word() -> UInt64 {
    defer { position &+= 8 }
    return bytes.word(at: position)
  }

  @inline(__always)
  mutating func length() -> Int {
    var count = 0
    var shift = 0
    while true {
      let next = byte()
      count |= Int(next & 0x7F) << shift
      if next < 128 { return count }
      shift += 7
    }
  }

  /// The range of a text's bytes.
  @inline(__always)
  mutating func textRange() -> Range<Int> {
    let count = length()
    defer { position &+= count }
    return position..<(position + count)
  }

  mutating func text() -> String {
    let range = textRange()
    return String(decoding: range.map { bytes[$0] }, as: UTF8.self)
  }

  mutating func optional() -> String? {
    byte() == 0 ? nil : text()
  }

  mutating func list() -> [String]? {
    guard byte() != 0 else { return nil }
    let count = length()
    return (0..<count).map { _ in text() }
  }

  @inline(__always)
  mutating func address() -> IPAddress {
    guard byte() == IPFamily.ipv4.rawValue else {
      let high = word().byteSwapped
      return IPAddress(family: .ipv6, value: UInt128(high) &<< 64 | UInt128(word().byteSwapped))
    }
    defer { position &+= 4 }
    return IPAddress(family: .ipv4, value: UInt128(bytes.half(at: position).byteSwapped))
  }

  mutating func cidr() -> CIDR {
    let base = address()
    let prefixLength = Int(byte())
    guard let cidr = CIDR(base: base, prefixLength: prefixLength) else {
      preconditionFailure("a stored block has no host bits")
    }
    return cidr
  }
}
