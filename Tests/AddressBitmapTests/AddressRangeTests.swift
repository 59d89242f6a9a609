import AddressBitmap
import Addressing
import Testing

/// An edge of the sizes: what can be handed out, with and without a gateway.
struct Edge: Sendable, CustomTestStringConvertible {
  let cidr: String
  let usable: UInt128
  let first: String?
  let last: String?

  var testDescription: String { cidr }

  static let all = [
    Edge(cidr: "10.0.0.0/24", usable: 254, first: "10.0.0.1", last: "10.0.0.254"),
    Edge(cidr: "10.0.0.0/28", usable: 14, first: "10.0.0.1", last: "10.0.0.14"),
    Edge(cidr: "10.0.0.0/30", usable: 2, first: "10.0.0.1", last: "10.0.0.2"),
    Edge(cidr: "10.0.0.0/31", usable: 0, first: nil, last: nil),
    Edge(cidr: "10.0.0.1/32", usable: 0, first: nil, last: nil),
    Edge(cidr: "10.16.0.0/12", usable: 1_048_574, first: "10.16.0.1", last: "10.31.255.254"),
    Edge(cidr: "0.0.0.0/0", usable: 4_294_967_294, first: "0.0.0.1", last: "255.255.255.254"),
    Edge(cidr: "fd00::/128", usable: 0, first: nil, last: nil),
    Edge(cidr: "fd00::/127", usable: 1, first: "fd00::1", last: "fd00::1"),
    Edge(cidr: "fd00::/120", usable: 255, first: "fd00::1", last: "fd00::ff"),
    Edge(cidr: "fd00::/116", usable: 4095, first: "fd00::1", last: "fd00::fff"),
    Edge(
      cidr: "fd00::/64", usable: (1 << 64) - 1, first: "fd00::1",
      last: "fd00::ffff:ffff:ffff:ffff"),
    Edge(
      cidr: "fd00::/48", usable: (1 << 80) - 1, first: "fd00::1",
      last: "fd00::ffff:ffff:ffff:ffff:ffff"),
    Edge(
      cidr: "::/0", usable: .max, first: "::1", last: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
  ]
}

@Suite struct AddressRangeTests {
  @Test(arguments: Edge.all)
  func `a range counts what it could ever hand out`(edge: Edge) throws {
    #expect(try podRange(edge.cidr, reservesGateway: false).capacity == edge.usable)
    #expect(try serviceRange(edge.cidr, staticBandSize: 0).capacity == edge.usable)
    let withGateway = try podRange(edge.cidr)
    #expect(withGateway.capacity == (edge.usable == 0 ? 0 : edge.usable - 1))
    #expect(withGateway.gateway?.description == edge.first)
    #expect(try podRange(edge.cidr, reservesGateway: false).gateway == nil)
  }

  @Test(arguments: Edge.all)
  func `the ends of a range are handed out and what is beyond is not`(edge: Edge) throws {
    let range = try podRange(edge.cidr, reservesGateway: false)
    #expect(try range.take(range.cidr.base.description) == .never)
    #expect(range.state(of: range.cidr.base, now: 0) == .never)
    if range.cidr.family == .ipv4 {
      #expect(try range.take(range.cidr.last.description) == .never)
    }
    guard let first = edge.first, let last = edge.last else {
      #expect(range.next() == nil)
      return
    }
    #expect(range.next(1) == [first])
    if last != first { #expect(try range.take(last) == .claimed) }
    #expect(try range.take(last) == .taken)
    #expect(try range.state(last) == .held)
    try range.release(last)
    #expect(try range.state(last) == .free)
    #expect(range.reservedCount == (last == first ? 0 : 1))
  }

  @Test func `the gateway is never handed out`() throws {
    let range = try podRange("10.244.1.0/30")
    #expect(range.next(3) == ["10.244.1.2"])
    #expect(try range.take("10.244.1.1") == .never)
    #expect(try range.state("10.244.1.1") == .never)
  }

  @Test func `addresses elsewhere are outside`() throws {
    let range = try podRange("10.244.1.0/24")
    #expect(try range.take("10.244.2.1") == .outside)
    #expect(try range.take("::10.244.1.7") == .outside)
    #expect(try range.state("10.244.0.255") == .outside)
  }

  @Test(arguments: ["10.0.0.0/26", "10.0.0.0/22", "10.0.0.0/19", "fd00::/120", "fd00::/114"])
  func `a range is exhausted at exactly its capacity`(text: String) throws {
    let range = try podRange(text)
    let all = range.next(Int(range.capacity))
    #expect(all.count == Int(range.capacity))
    #expect(Set(all).count == all.count)
    #expect(all.first.flatMap(IPAddress.init) == range.cidr.address(at: 2))
    #expect(range.next() == nil)
    #expect(range.reservedCount == all.count)
    for text in all.reversed() { try range.release(text) }
    #expect(range.reservedCount == 0)
    #expect(range.next(all.count) == all)
  }

  @Test func `a dropped claim is free again`() throws {
    let range = try podRange("10.0.0.0/29")
    do {
      let claim = try required(range.claimAutomatic(now: 0))
      #expect(range.state(of: claim.address, now: 0) == .held)
      #expect(range.reservedCount == 1)
    }
    #expect(range.reservedCount == 0)
    #expect(try range.state("10.0.0.2") == .free)
    #expect(try range.take("10.0.0.2") == .claimed)
  }

  @Test func `a closed range refuses claims until it is reopened`() throws {
    let range = try podRange("10.0.0.0/29")
    range.close()
    #expect(range.next() == nil)
    #expect(try range.take("10.0.0.4") == .closed)
    #expect(try range.take("10.0.0.0") == .never)
    #expect(range.reservedCount == 0)
    range.reopen()
    #expect(range.next(1) == ["10.0.0.2"])
    #expect(try range.take("10.0.0.4") == .claimed)
  }
}
