import AddressBitmap
import Addressing
import Testing

@Suite struct AddressRangeOrderTests {
  @Test func `pods get the next free address after the last and then from the front`() throws {
    let range = try podRange("10.0.0.0/29")
    #expect(range.next(3) == ["10.0.0.2", "10.0.0.3", "10.0.0.4"])
    try range.release("10.0.0.2")
    try range.release("10.0.0.4")
    #expect(range.next(5) == ["10.0.0.5", "10.0.0.6", "10.0.0.2", "10.0.0.4"])
  }

  @Test func `a static claim does not move the cursor`() throws {
    let range = try podRange("fd00::/64")
    #expect(range.next(1) == ["fd00::2"])
    #expect(try range.take("fd00::9:9") == .claimed)
    #expect(try range.take("fd00::3") == .claimed)
    #expect(range.next(2) == ["fd00::4", "fd00::5"])
  }

  @Test(arguments: ["10.0.0.0/12", "fd00::/64", "fd00::/48"])
  func `order goes on over words pages and groups`(text: String) throws {
    let range = try podRange(text)
    for boundary: UInt128 in [64, 4096, 4096 * 3, 4096 * 64] {
      range.restoreCursor(range.cidr.address(at: boundary - 2))
      let next = (0..<3).compactMap { _ in range.next() }
      #expect(next == [boundary - 1, boundary, boundary + 1].map(range.cidr.address(at:)))
    }
  }

  @Test func `the one free address of half a million is found`() throws {
    let range = try podRange("fd00::/109", reservesGateway: false)
    for offset in 1...range.capacity {
      #expect(range.restore(range.cidr.address(at: offset)))
    }
    #expect(range.next() == nil)
    for offset: UInt128 in [1, 400_001, 63, 64, 262_143, 262_144, 524_286] {
      let address = range.cidr.address(at: offset)
      range.release(address, now: 0)
      #expect(range.next() == address)
      #expect(range.next() == nil)
    }
  }

  @Test func `choice wraps at the end of a wide range`() throws {
    let range = try podRange("fd00::/64")
    #expect(range.next(1) == ["fd00::2"])
    range.restoreCursor(try address("fd00::ffff:ffff:ffff:fffe"))
    #expect(range.next(2) == ["fd00::ffff:ffff:ffff:ffff", "fd00::3"])
  }

  @Test func `a restored cursor goes on where it was`() throws {
    let range = try podRange("10.0.0.0/24")
    range.restoreCursor(try address("10.0.0.200"))
    range.restoreCursor(try address("10.9.9.9"))
    #expect(range.next(1) == ["10.0.0.201"])
    range.restoreCursor(try address("10.0.0.254"))
    #expect(range.next(1) == ["10.0.0.2"])
  }

  @Test func `restored addresses are held once`() throws {
    let range = try podRange("10.0.0.0/24", restsFor: 10)
    #expect(range.restore(try address("10.0.0.2")))
    #expect(!range.restore(try address("10.0.0.2")))
    for refused in ["10.0.0.0", "10.0.0.1", "10.0.0.255", "10.0.1.7", "fd00::7"] {
      #expect(!range.restore(try address(refused)))
    }
    range.restoreResting(try address("10.0.0.3"), since: 5)
    #expect(range.restore(try address("10.0.0.3")))
    #expect(range.restingCount == 0)
    #expect(range.reservedCount == 2)
    #expect(range.next(1, now: 100) == ["10.0.0.4"])
  }
}
