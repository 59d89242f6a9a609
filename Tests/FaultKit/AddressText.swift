import Foundation

/// What tests know about addresses, from the C library: never from the daemon's own code.
package enum AddressText {
  /// The address as its bytes; nil when it is none.
  package static func bytes(_ text: String) -> [UInt8]? {
    let family = text.contains(":") ? AF_INET6 : AF_INET
    var bytes = [UInt8](repeating: 0, count: text.contains(":") ? 16 : 4)
    return inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }

  package static func isIPv6(_ text: String) -> Bool { text.contains(":") }

  /// `IPv4` or `IPv6`.
  package static func family(_ text: String) -> String { isIPv6(text) ? "IPv6" : "IPv4" }

  /// Whether it is an address, and written as the protocol writes it.
  package static func isCanonical(_ text: String) -> Bool {
    guard let bytes = bytes(text) else { return false }
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = isIPv6(text) ? AF_INET6 : AF_INET
    guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return false }
    return buffer.withUnsafeBufferPointer { pointer in
      pointer.baseAddress.map { String(cString: $0) } == text
    }
  }

  /// Whether the address lies in the block, and both are of one family.
  package static func isInside(_ text: String, _ cidr: String) -> Bool {
    let parts = cidr.split(separator: "/").map { String($0) }
    guard parts.count == 2, let length = Int(parts[1]), let base = bytes(parts[0]),
      let address = bytes(text), base.count == address.count
    else { return false }
    return (0..<length).allSatisfy { bit in
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      return base[bit / 8] & mask == address[bit / 8] & mask
    }
  }

  /// Their order as numbers.
  package static func isBefore(_ one: String, _ other: String) -> Bool {
    (bytes(one) ?? []).lexicographicallyPrecedes(bytes(other) ?? [])
  }
}
