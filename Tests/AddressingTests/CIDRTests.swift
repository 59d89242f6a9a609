import Addressing
import Testing

@Suite struct CIDRTests {
  private func parsed(_ text: String) -> Result<CIDR, AddressTextError> {
    do throws(AddressTextError) {
      return .success(try CIDR(parsing: Array(text.utf8).span))
    } catch {
      return .failure(error)
    }
  }

  private func block(_ text: String) throws -> CIDR { try parsed(text).get() }

  private func address(_ text: String) throws -> IPAddress {
    try IPAddress(parsing: Array(text.utf8).span)
  }

  @Test(arguments: [
    ("0.0.0.0/0", "0.0.0.0/0"), ("10.96.0.0/16", "10.96.0.0/16"), ("10.0.0.1/32", "10.0.0.1/32"),
    ("255.255.255.254/31", "255.255.255.254/31"), ("::/0", "::/0"),
    ("FD00:10:96:0::/108", "fd00:10:96::/108"),
    ("::1/128", "::1/128"), ("128.0.0.0/1", "128.0.0.0/1"), ("8000::/1", "8000::/1"),
  ])
  func `a block is read and written canonically`(text: String, canonical: String) throws {
    #expect(try block(text).description == canonical)
    #expect(CIDR(text) == (try block(canonical)))
  }

  @Test(arguments: [
    ("", AddressTextError.notAnAddress), ("10.0.0.0", .missingPrefixLength),
    ("::", .missingPrefixLength),
    ("x", .notAnAddress), ("/8", .notAnAddress), ("10.0.0.0/", .badPrefixLength(.ipv4)),
    ("10.0.0.0/33", .badPrefixLength(.ipv4)), ("10.0.0.0/-1", .badPrefixLength(.ipv4)),
    ("10.0.0.0/+8", .badPrefixLength(.ipv4)), ("10.0.0.0/8 ", .badPrefixLength(.ipv4)),
    ("10.0.0.0/ 8", .badPrefixLength(.ipv4)), ("10.0.0.0/0x8", .badPrefixLength(.ipv4)),
    ("10.0.0.0/08", .leadingZero), ("10.0.0.0/00", .leadingZero),
    ("10.0.0.0/255.0.0.0", .badPrefixLength(.ipv4)),
    ("10.0.0.0/9999", .badPrefixLength(.ipv4)), ("::/129", .badPrefixLength(.ipv6)),
    ("::/999", .badPrefixLength(.ipv6)), ("::/", .badPrefixLength(.ipv6)), ("10.0.0.0//8", .block),
    ("10.0.0.0/8/8", .block), ("10.0.0/8", .notAnAddress), ("010.0.0.0/8", .leadingZero),
    ("fe80::%eth0/64", .zone), ("::ffff:10.0.0.0/104", .mappedIPv4), (" 10.0.0.0/8", .notAnAddress),
  ])
  func `what is no block is refused`(text: String, error: AddressTextError) {
    #expect(parsed(text) == .failure(error))
    #expect(CIDR(text) == nil)
  }

  @Test(arguments: [
    ("10.96.0.1/16", "10.96.0.0/16"), ("0.0.0.1/0", "0.0.0.0/0"),
    ("255.255.255.255/31", "255.255.255.254/31"),
    ("fd00::1/64", "fd00::/64"), ("ffff::/1", "8000::/1"), ("::1/127", "::/127"),
  ])
  func `host bits are refused, with the block that was meant`(text: String, meant: String) throws {
    let expected = try block(meant)
    #expect(parsed(text) == .failure(.hostBits(expected)))
    #expect(AddressTextError.hostBits(expected).message.contains(meant))
  }

  @Test(
    arguments: [
      ("10.0.0.0/30", "10.0.0.3", 3), ("10.0.0.0/31", "10.0.0.1", 1),
      ("10.0.0.7/32", "10.0.0.7", 0),
      ("0.0.0.0/0", "255.255.255.255", 0xFFFF_FFFF),
      ("128.0.0.0/1", "255.255.255.255", 0x7FFF_FFFF),
      ("fd00::/64", "fd00::ffff:ffff:ffff:ffff", 0xFFFF_FFFF_FFFF_FFFF), ("::1/128", "::1", 0),
      ("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", UInt128.max),
    ] as [(String, String, UInt128)])
  func `a block ends at its last address`(text: String, last: String, offset: UInt128) throws {
    let block = try block(text)
    #expect(block.last == (try address(last)))
    #expect(block.lastOffset == offset)
    #expect(block.address(at: 0) == block.base)
    #expect(block.address(at: offset) == block.last)
    #expect(block.offset(of: block.base) == 0)
    #expect(block.offset(of: block.last) == offset)
    #expect(block.contains(block.base))
    #expect(block.contains(block.last))
  }

  @Test(arguments: [
    ("10.0.0.4/30", "10.0.0.3", false), ("10.0.0.4/30", "10.0.0.4", true),
    ("10.0.0.4/30", "10.0.0.7", true),
    ("10.0.0.4/30", "10.0.0.8", false), ("0.0.0.0/0", "255.255.255.255", true),
    ("0.0.0.0/0", "::", false),
    ("::/0", "0.0.0.0", false), ("::/96", "10.0.0.1", false), ("fd00::/8", "fcff::", false),
    ("fd00::/8", "fdff::", true),
  ])
  func `an address lies in a block of its family or in none`(
    text: String, ip: String, isInside: Bool
  ) throws {
    let (block, ip) = (try block(text), try address(ip))
    #expect(block.contains(ip) == isInside)
    #expect((block.offset(of: ip) != nil) == isInside)
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.1.0.0/16", true, false), ("10.0.0.0/8", "10.0.0.0/8", true, true),
    ("10.0.0.0/9", "10.128.0.0/9", false, false), ("0.0.0.0/0", "10.0.0.0/8", true, false),
    ("::/0", "10.0.0.0/8", false, false), ("fd00::/64", "fd00::/63", false, true),
  ])
  func `blocks overlap exactly when one holds the other`(
    left: String, right: String, holds: Bool, isHeld: Bool
  ) throws {
    let (left, right) = (try block(left), try block(right))
    #expect(left.contains(right) == holds)
    #expect(right.contains(left) == isHeld)
    #expect(left.overlaps(right) == (holds || isHeld))
    #expect(right.overlaps(left) == (holds || isHeld))
  }

  @Test func `a block is made of parts that fit`() throws {
    let base = try address("10.0.0.0")
    #expect(CIDR(base: base, prefixLength: 8) == (try block("10.0.0.0/8")))
    #expect(CIDR(base: base, prefixLength: 4) == nil)
    #expect(CIDR(base: base, prefixLength: -1) == nil)
    #expect(CIDR(base: base, prefixLength: 33) == nil)
    #expect(CIDR(base: try address("::"), prefixLength: 129) == nil)
    #expect(CIDR(containing: try address("10.9.8.7"), prefixLength: 0) == (try block("0.0.0.0/0")))
    #expect(
      CIDR(containing: try address("10.9.8.7"), prefixLength: 32) == (try block("10.9.8.7/32")))
    #expect(CIDR(containing: base, prefixLength: 33) == nil)
  }

  @Test func `each refusal has a sentence of its own`() throws {
    let errors: [AddressTextError] = [
      .notAnAddress, .leadingZero, .zone, .mappedIPv4, .block, .missingPrefixLength,
      .badPrefixLength(.ipv4), .badPrefixLength(.ipv6), .hostBits(try block("10.0.0.0/8")),
    ]
    #expect(Set(errors.map(\.message)).count == errors.count)
  }
}
