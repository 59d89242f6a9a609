internal import Addressing
internal import Glibc

/// A host that needs no look-up.
enum NumericHost {
  case ipv4(in_addr)
  case ipv6(in6_addr)

  /// Nil when `text` is no address and not `localhost`, which is 127.0.0.1.
  init?(_ text: String) {
    guard let address = IPAddress(text == "localhost" ? "127.0.0.1" : text) else { return nil }
    switch address.family {
    case .ipv4: self = .ipv4(in_addr(s_addr: UInt32(truncatingIfNeeded: address.value).bigEndian))
    case .ipv6:
      var host = in6_addr()
      let value = address.value.bigEndian
      // Safe: both are sixteen bytes, in the network's order.
      unsafe withUnsafeMutableBytes(of: &host) { bytes in
        unsafe withUnsafeBytes(of: value) { unsafe bytes.copyMemory(from: $0) }
      }
      self = .ipv6(host)
    }
  }
}
