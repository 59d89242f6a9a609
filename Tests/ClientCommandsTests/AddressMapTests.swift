import Addressing
import Testing

@testable import ClientCommands

@Suite struct AddressMapTests {
  private func map(
    _ cidr: String, unitBits: Int = 0, _ marks: [UInt128: AddressMap.Mark] = [:]
  ) throws -> AddressMap {
    AddressMap(try #require(CIDR(cidr)), unitBits: unitBits, marks: marks)
  }

  @Test(arguments: [
    ("10.0.0.0/32", 1, UInt128(1)), ("10.0.0.0/28", 16, 1), ("10.0.0.0/24", 256, 1),
    ("10.0.0.0/21", 2_048, 1), ("10.0.0.0/20", 2_048, 2), ("10.0.0.0/16", 2_048, 32),
    ("10.0.0.0/8", 256, 1), ("fd00::/64", 256, 1), ("::/0", 256, 1),
  ])
  func `a range is never more than 32 rows, and an empty large one is its beginning`(
    _ cidr: String, _ cells: Int, _ units: UInt128
  ) throws {
    let map = try map(cidr)
    #expect(map.cells.count == cells)
    #expect(map.unitsPerCell == units)
  }

  @Test func `a large range is drawn up to the last that is not free`() throws {
    let map = try map("fd00::/64", [5_000: .used])
    #expect(map.isCut)
    #expect(map.cells.count == 2_048)
    #expect(map.unitsPerCell == 4)
    #expect(map.cells[1_250][.used] == 1)
    #expect("\(map.bounds(of: 2_047).last)" == "fd00::1fff")
    let far = try self.map("fd00::/64", [UInt128(UInt64.max): .excluded, 0: .never])
    #expect(!far.isCut)
    #expect("\(far.bounds(of: 2_047).last)" == "fd00::ffff:ffff:ffff:ffff")
    #expect(try self.map("::/0", [UInt128.max: .used]).cells.count == 2_048)
  }

  @Test func `node blocks are units, too`() throws {
    let map = try map("10.244.0.0/16", unitBits: 8, [1: .used])
    #expect(map.cells.count == 256)
    #expect("\(map.bounds(of: 1).first)-\(map.bounds(of: 1).last)" == "10.244.1.0-10.244.1.255")
    #expect(map.scale == "a cell is one node block")
  }

  @Test func `who is there counts before why nobody is`() throws {
    let map = try map(
      "10.0.0.0/20", [0: .never, 2: .used, 3: .excluded, 4: .resting, 6: .excluded, 7: .excluded])
    #expect(map.dominant(0) == nil)
    #expect(map.dominant(1) == .used)
    #expect(map.share(of: 1) == 0.5)
    #expect(map.dominant(2) == .resting)
    #expect(map.dominant(3) == .excluded)
    #expect(map.dominant(4) == nil)
  }
}
