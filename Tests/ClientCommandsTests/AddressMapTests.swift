import Addressing
import Testing

@testable import ClientCommands

@Suite struct AddressMapTests {
  private func map(
    _ cidr: String, unitBits: Int = 0, _ marks: [UInt128: AddressMap.Mark] = [:]
  ) throws -> AddressMap {
    var map = AddressMap(try #require(CIDR(cidr)), unitBits: unitBits)
    for (place, mark) in marks { map.add(mark, at: place) }
    return map
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

  @Test func `every word of a picture has its letters`() throws {
    var map = try map("fd00:abcd:ef01:2300::/56", unitBits: 8, [0: .used])
    map.unseen = 9_876_543_210
    let words = AddressMap.Mark.allCases.map(\.rawValue) + [map.title, "free"]
    #expect(words.allSatisfy(PixelFont.has), "\(words)")
    #expect(PixelFont.squares(of: " -").map(\.x) == [6, 7, 8, 9, 10])
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

  @Test func `what was drawn before a map grows is drawn in larger cells`() throws {
    var map = try map("10.0.0.0/8", [0: .used, 1: .used, 300: .resting])
    #expect(map.cells.count == 512 && map.cells[1][.used] == 1)
    map.add(.excluded, at: 4_097)
    #expect(map.cells.count == 2_048 && map.unitsPerCell == 4)
    #expect(map.cells[0][.used] == 2 && map.cells[75][.resting] == 1)
    #expect(map.cells[1_024][.excluded] == 1)
    map.add(.never, at: 1 << 23)
    #expect(map.unitsPerCell == 4 && map.total(.never) == 0, "it is not worth an empty map")
  }

  @Test func `places are told apart, and those without a bit are counted`() {
    var set = PlaceSet(below: 130)
    let isNew = [0, 64, 129, 1 << 90, 64].map { set.insert($0) }
    #expect(isNew == [true, true, true, true, false])
    #expect(set.count == 4)
    #expect(set.contains(129) && !set.contains(128) && !set.contains(1 << 90))
    var missing = set.missing(below: 67)
    let found = [2, 100, 1].map { missing.next($0) }
    #expect(found[0] == [1, 2])
    #expect(found[1]?.count == 63)
    #expect(found[2] == nil && missing.position == 67)
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
