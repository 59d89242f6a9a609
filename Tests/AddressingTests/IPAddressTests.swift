import Addressing
import Testing

@Suite struct IPAddressTests {
  private func parsed(_ text: String) -> Result<IPAddress, AddressTextError> {
    do throws(AddressTextError) {
      return .success(try IPAddress(parsing: Array(text.utf8).span))
    } catch {
      return .failure(error)
    }
  }

  @Test(arguments: [
    ("0.0.0.0", 0), ("0.0.0.1", 1), ("1.2.3.4", 0x0102_0304), ("10.96.0.1", 0x0A60_0001),
    ("192.168.100.200", 0xC0A8_64C8), ("255.255.255.255", 0xFFFF_FFFF),
    ("9.10.99.100", 0x090A_6364),
  ])
  func `IPv4 is read and written dotted`(text: String, value: UInt32) throws {
    let address = try parsed(text).get()
    #expect(address == IPAddress(family: .ipv4, value: UInt128(value)))
    #expect(address.description == text)
  }

  @Test(arguments: [
    ("", AddressTextError.notAnAddress), (".", .notAnAddress), ("1", .notAnAddress),
    ("1.2.3", .notAnAddress), ("1.2.3.", .notAnAddress), (".1.2.3", .notAnAddress),
    ("1..2.3", .notAnAddress), ("1.2.3.4.", .notAnAddress), ("1.2.3.4.5", .notAnAddress),
    ("256.0.0.1", .notAnAddress), ("1.2.3.256", .notAnAddress), ("1.2.3.1000", .notAnAddress),
    ("99999999999.0.0.1", .notAnAddress), ("01.2.3.4", .leadingZero), ("1.2.3.04", .leadingZero),
    ("1.2.3.00", .leadingZero), ("010.0.0.1", .leadingZero), ("1.2.3.0x4", .notAnAddress),
    ("0x7f.0.0.1", .notAnAddress), ("-1.2.3.4", .notAnAddress), ("+1.2.3.4", .notAnAddress),
    (" 1.2.3.4", .notAnAddress), ("1.2.3.4 ", .notAnAddress), ("1.2.3.4\n", .notAnAddress),
    ("1.2.3.4\0", .notAnAddress), ("1,2,3,4", .notAnAddress), ("a.b.c.d", .notAnAddress),
    ("localhost", .notAnAddress), ("١.٢.٣.٤", .notAnAddress), ("1.2.3.4/32", .block),
    ("1.2.3.4%eth0", .zone), ("None", .notAnAddress),
  ])
  func `what is no IPv4 address is refused`(text: String, error: AddressTextError) {
    #expect(parsed(text) == .failure(error))
    #expect(IPAddress(text) == nil)
  }

  @Test(
    arguments: [
      ("::", 0), ("::1", 1), ("1::", 1 << 112), ("0:0:0:0:0:0:0:1", 1), ("::ffff", 0xFFFF),
      ("fd00:10:96::1", 0xfd00_0010_0096_0000_0000_0000_0000_0001),
      ("FD00:10:96::A", 0xfd00_0010_0096_0000_0000_0000_0000_000a),
      ("0001:0002:0003:0004:0005:0006:0007:0008", 0x0001_0002_0003_0004_0005_0006_0007_0008),
      ("1:2:3:4:5:6:7:8", 0x0001_0002_0003_0004_0005_0006_0007_0008),
      ("1:2:3:4:5:6:7::", 0x0001_0002_0003_0004_0005_0006_0007_0000),
      ("::2:3:4:5:6:7:8", 0x0000_0002_0003_0004_0005_0006_0007_0008),
      ("1:2:3::5:6:7:8", 0x0001_0002_0003_0000_0005_0006_0007_0008), ("1::8", 1 << 112 | 8),
      ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", UInt128.max),
      ("64:ff9b::192.0.2.33", 0x0064_ff9b_0000_0000_0000_0000_c000_0221),
      ("1:2:3:4:5:6:1.2.3.4", 0x0001_0002_0003_0004_0005_0006_0102_0304),
      ("::1.2.3.4", 0x0102_0304),
      ("::ffff:0:0:1", 0xffff_0000_0000_0001), ("::fffe:1.2.3.4", 0xfffe_0102_0304),
    ] as [(String, UInt128)])
  func `IPv6 is read in all its spellings`(text: String, value: UInt128) throws {
    #expect(try parsed(text).get() == IPAddress(family: .ipv6, value: value))
  }

  @Test(arguments: [
    (":", AddressTextError.notAnAddress), (":::", .notAnAddress), (":1", .notAnAddress),
    ("1:", .notAnAddress), ("1:2", .notAnAddress), ("1:2:3:4:5:6:7", .notAnAddress),
    ("1:2:3:4:5:6:7:8:9", .notAnAddress), ("1:2:3:4:5:6:7:8:", .notAnAddress),
    (":1:2:3:4:5:6:7:8", .notAnAddress), ("1::2::3", .notAnAddress), ("::1::", .notAnAddress),
    ("1:::2", .notAnAddress), ("1:2:3:4::5:6:7:8", .notAnAddress),
    ("1:2:3:4:5:6:7:8::", .notAnAddress),
    ("::1:2:3:4:5:6:7:8", .notAnAddress), ("12345::", .notAnAddress), ("00001::", .notAnAddress),
    ("g::", .notAnAddress), ("::-1", .notAnAddress), (" ::1", .notAnAddress),
    ("::1 ", .notAnAddress),
    ("[::1]", .notAnAddress), ("::1.2.3", .notAnAddress), ("::1.2.3.4.5", .notAnAddress),
    ("::1.2.3.04", .leadingZero), ("::1.2.3.4:5", .notAnAddress),
    ("1:2:3:4:5:6:7:1.2.3.4", .notAnAddress),
    ("1.2.3.4::", .notAnAddress), ("::a.2.3.4", .notAnAddress), ("fe80::1%eth0", .zone),
    ("::1%", .zone),
    ("::1/128", .block), ("::ffff:1.2.3.4", .mappedIPv4), ("::ffff:102:304", .mappedIPv4),
    ("::FFFF:0:0", .mappedIPv4), ("0:0:0:0:0:ffff:1.2.3.4", .mappedIPv4), ("：：1", .notAnAddress),
  ])
  func `what is no IPv6 address is refused`(text: String, error: AddressTextError) {
    #expect(parsed(text) == .failure(error))
  }

  /// RFC 5952 §4 and §5.
  @Test(arguments: [
    ("2001:0db8::0001", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:DB8::ABCD:EF", "2001:db8::abcd:ef"),
    ("0:0:0:0:0:0:0:0", "::"), ("0:0:0:0:0:0:0:1", "::1"), ("1:0:0:0:0:0:0:0", "1::"),
    ("0:1:0:0:0:0:0:0", "0:1::"), ("0:0:1:0:0:0:0:0", "0:0:1::"),
    ("0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"),
    ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"), ("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"),
    ("0:0:3:4:5:6:0:0", "::3:4:5:6:0:0"), ("1:0:0:4:5:0:0:8", "1::4:5:0:0:8"),
    ("1:0:3:0:5:0:7:0", "1:0:3:0:5:0:7:0"), ("10:200:3000:f:0:0:0:10", "10:200:3000:f::10"),
    ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("::1.2.3.4", "::102:304"),
    ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
  ])
  func `IPv6 is written as RFC 5952 has it`(text: String, canonical: String) throws {
    #expect(try parsed(text).get().description == canonical)
  }

  @Test func `what is written is read as the same address`() throws {
    var state: UInt128 = 0x5EED
    for _ in 0..<5000 {
      state = state &* 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645 &+ 0x5851_F42D
      // Half of the groups are zero.
      var value = state
      for group in 0..<8 where state >> UInt128(64 + group) & 1 == 0 {
        value &= ~(UInt128(0xFFFF) << UInt128(16 * group))
      }
      guard value >> 32 != 0xFFFF else { continue }
      let long = IPAddress(family: .ipv6, value: value)
      #expect(try parsed(long.description).get() == long)
      let short = IPAddress(family: .ipv4, value: value & 0xFFFF_FFFF)
      #expect(try parsed(short.description).get() == short)
    }
  }

  @Test func `text is added behind what is there`() throws {
    var bytes = Array("x".utf8)
    try parsed("fd00::1").get().appendText(to: &bytes)
    try parsed("10.0.0.255").get().appendText(to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "xfd00::110.0.0.255")
  }

  @Test func `IPv4 comes before IPv6, and both go by number`() throws {
    let sorted = try ["9.255.255.255", "10.0.0.0", "255.255.255.255", "::", "::1", "fd00::"].map {
      try parsed($0).get()
    }
    #expect(sorted.reversed().sorted() == sorted)
    #expect(try parsed("0.0.0.1").get() != parsed("::1").get())
  }
}

@Suite struct IPFamilyTests {
  @Test func `a family is spelled as Kubernetes spells it`() {
    #expect(IPFamily.allCases.map(\.name) == ["IPv4", "IPv6"])
    #expect(IPFamily.allCases.map(\.bitWidth) == [32, 128])
    for family in IPFamily.allCases {
      #expect(IPFamily(name: family.name) == family)
      #expect(family.other != family)
      #expect(family.other.other == family)
    }
    for name in ["ipv4", "IPV6", "IPv5", "", "IPv4 "] { #expect(IPFamily(name: name) == nil) }
  }
}
