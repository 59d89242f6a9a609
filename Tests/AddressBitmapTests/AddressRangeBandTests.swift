import AddressBitmap
import Addressing
import Testing

/// A row of semantics §8.3.
struct BandRow: Sendable, CustomTestStringConvertible {
  let cidr: String
  let offset: Int
  let lower: String
  let dynamic: String
  let dynamicCount: UInt128

  init(_ cidr: String, _ offset: Int, _ lower: String, _ dynamic: String, _ count: UInt128) {
    self.cidr = cidr
    self.offset = offset
    self.lower = lower
    self.dynamic = dynamic
    self.dynamicCount = count
  }

  var testDescription: String { cidr }

  static let all = [
    BandRow("10.96.0.0/32", 0, "-", "-", 0),
    BandRow("10.96.0.0/31", 0, "-", "-", 0),
    BandRow("10.96.0.0/30", 0, "-", "10.96.0.1-10.96.0.2", 2),
    BandRow("10.96.0.0/29", 0, "-", "10.96.0.1-10.96.0.6", 6),
    BandRow("10.96.0.0/28", 0, "-", "10.96.0.1-10.96.0.14", 14),
    BandRow("10.96.0.0/27", 16, "10.96.0.1-10.96.0.16", "10.96.0.17-10.96.0.30", 14),
    BandRow("10.96.0.0/26", 16, "10.96.0.1-10.96.0.16", "10.96.0.17-10.96.0.62", 46),
    BandRow("10.96.0.0/24", 16, "10.96.0.1-10.96.0.16", "10.96.0.17-10.96.0.254", 238),
    BandRow("10.96.0.0/21", 128, "10.96.0.1-10.96.0.128", "10.96.0.129-10.96.7.254", 1918),
    BandRow("10.96.0.0/20", 256, "10.96.0.1-10.96.1.0", "10.96.1.1-10.96.15.254", 3838),
    BandRow("10.96.0.0/16", 256, "10.96.0.1-10.96.1.0", "10.96.1.1-10.96.255.254", 65_278),
    BandRow("10.96.0.0/12", 256, "10.96.0.1-10.96.1.0", "10.96.1.1-10.111.255.254", 1_048_318),
    BandRow("fd00::/126", 0, "-", "fd00::1-fd00::3", 3),
    BandRow("fd00::/123", 16, "fd00::1-fd00::10", "fd00::11-fd00::1f", 15),
    BandRow("fd00::/118", 64, "fd00::1-fd00::40", "fd00::41-fd00::3ff", 959),
    BandRow("fd00::/112", 256, "fd00::1-fd00::100", "fd00::101-fd00::ffff", 65_279),
    BandRow("fd00::/108", 256, "fd00::1-fd00::100", "fd00::101-fd00::f:ffff", 1_048_319),
    BandRow(
      "fd00::/64", 256, "fd00::1-fd00::100", "fd00::101-fd00::ffff:ffff:ffff:ffff",
      (1 << 64) - 257),
  ]
}

@Suite struct AddressRangeBandTests {
  private func text(_ band: (first: IPAddress, last: IPAddress, reserved: Int)?) -> String {
    band.map { "\($0.first)-\($0.last)" } ?? "-"
  }

  @Test(arguments: BandRow.all)
  func `the bands are those of the table`(row: BandRow) throws {
    let range = try serviceRange(row.cidr, staticBandSize: row.offset)
    #expect(text(range.staticBand) == row.lower)
    #expect(text(range.dynamicBand) == row.dynamic)
    #expect(range.capacity == row.dynamicCount + UInt128(row.offset))
    #expect(range.gateway == nil)
  }

  @Test(arguments: BandRow.all.filter { (1...65_278).contains($0.dynamicCount) })
  func `automatic choice fills the dynamic band and then the static one`(row: BandRow) throws {
    let range = try serviceRange(row.cidr, staticBandSize: row.offset)
    let dynamic = try #require(range.dynamicBand)
    for _ in 0..<Int(row.dynamicCount) {
      let address = try #require(range.next())
      #expect(address >= dynamic.first && address <= dynamic.last)
    }
    #expect(range.dynamicBand?.reserved == Int(row.dynamicCount))
    #expect(range.staticBand?.reserved ?? 0 == 0)
    for _ in 0..<row.offset {
      let address = try #require(range.next())
      #expect(address < dynamic.first)
    }
    #expect(range.staticBand?.reserved ?? 0 == row.offset)
    #expect(range.next() == nil)
  }

  @Test func `static claims may name any address of either band`() throws {
    let range = try serviceRange("10.96.0.0/24", staticBandSize: 16)
    #expect(try range.take("10.96.0.1") == .claimed)
    #expect(try range.take("10.96.0.16") == .claimed)
    #expect(try range.take("10.96.0.17") == .claimed)
    #expect(range.staticBand?.reserved == 2)
    #expect(range.dynamicBand?.reserved == 1)
    #expect(try range.take("10.96.0.255") == .never)
  }

  @Test func `a band may be all there is`() throws {
    let range = try serviceRange("10.96.0.0/29", staticBandSize: 16)
    #expect(text(range.staticBand) == "10.96.0.1-10.96.0.6")
    #expect(range.dynamicBand == nil)
    #expect(range.next(7).count == 6)
  }

  @Test func `a Service's address is free at once after its release`() throws {
    let range = try serviceRange("10.96.0.0/30", staticBandSize: 0)
    #expect(Set(range.next(2)) == ["10.96.0.1", "10.96.0.2"])
    try range.release("10.96.0.2", now: 7)
    #expect(try range.state("10.96.0.2", now: 7) == .free)
    #expect(range.restingCount == 0)
    #expect(range.next(1, now: 7) == ["10.96.0.2"])
  }

  @Test func `starts are random`() throws {
    // Fifty of 65,278 twice in one order: never in practice.
    let first = try serviceRange("10.96.0.0/16", staticBandSize: 256).next(50)
    let second = try serviceRange("10.96.0.0/16", staticBandSize: 256).next(50)
    #expect(first != second)
    #expect(first != first.sorted())
  }

  @Test func `pods have no bands`() throws {
    let range = try podRange("10.244.0.0/24")
    #expect(range.staticBand == nil)
    #expect(range.dynamicBand == nil)
  }
}
