import AddressBitmap
import Addressing
import Testing

@Suite struct BlockRangeTests {
  private func range(_ text: String, _ nodePrefixLength: Int) throws -> BlockRange {
    BlockRange(clusterCIDR: try cidr(text), nodePrefixLength: nodePrefixLength)
  }

  private func next(_ range: BlockRange, _ count: Int) -> [String] {
    (0..<count).compactMap { _ in
      guard let claim = range.claimNext(now: 0) else { return nil }
      let block = claim.block.description
      claim.commit()
      return block
    }
  }

  @Test(arguments: [
    ("10.244.0.0/16", 24, 256), ("10.0.0.0/8", 32, 1 << 24), ("10.0.0.0/24", 24, 1),
    ("fd00::/48", 64, 65_536), ("fd00::/64", 64, 1), ("::/0", 16, 65_536), ("0.0.0.0/0", 0, 1),
  ])
  func `a cluster CIDR has two to the distance blocks`(text: String, length: Int, count: Int) throws
  {
    let range = try range(text, length)
    #expect(range.capacity == count)
    #expect(range.reserved == 0)
    #expect(next(range, 1) == [text.split(separator: "/")[0] + "/\(length)"])
  }

  @Test func `blocks come in order from the cursor and a released one is not preferred`() throws {
    let range = try range("10.244.0.0/22", 24)
    #expect(next(range, 2) == ["10.244.0.0/24", "10.244.1.0/24"])
    range.release(try cidr("10.244.0.0/24"))
    #expect(next(range, 3) == ["10.244.2.0/24", "10.244.3.0/24", "10.244.0.0/24"])
    #expect(next(range, 1) == [])
    #expect(range.reserved == 4)
  }

  @Test func `after full release of everything the same order repeats`() throws {
    let range = try range("fd00:10:244::/60", 64)
    let all = next(range, 17)
    #expect(all.count == 16)
    for block in all.shuffled() { range.release(try cidr(block)) }
    #expect(range.reserved == 0)
    #expect(next(range, 16) == all)
  }

  @Test func `a dropped claim gives its block back, and the choice`() throws {
    let range = try range("10.244.0.0/24", 25)
    do {
      let claim = try required(range.claimNext(now: 0))
      #expect(claim.block.description == "10.244.0.0/25")
      #expect(range.reserved == 1)
    }
    #expect(range.reserved == 0)
    #expect(next(range, 3) == ["10.244.0.0/25", "10.244.0.128/25"])
  }

  @Test func `what is passed on is chosen in its place, and stays taken`() throws {
    let range = try range("10.244.0.0/22", 24)
    _ = next(range, 2)
    let passedOn = [try cidr("10.244.0.0/24"), try cidr("10.244.1.0/25")]
    func chosen(where isLeft: (CIDR) -> Bool = { _ in true }) -> String? {
      range.claimNext(now: 0, passedOn: passedOn, where: isLeft)?.block.description
    }
    #expect(chosen() == "10.244.2.0/24", "free, and the next one")
    _ = next(range, 2)
    #expect(chosen() == "10.244.0.0/24")
    #expect(chosen { $0.description == "10.244.1.0/24" } == "10.244.1.0/24")
    #expect(chosen { _ in false } == nil)
    range.setExclusions([try cidr("10.244.0.0/24")])
    #expect(chosen() == "10.244.1.0/24")
    #expect(range.reserved == 4, "whatever became of the claims")
  }

  @Test(arguments: [
    ("10.244.1.0/24", 1), ("10.244.1.128/25", 1), ("10.244.1.7/32", 1), ("10.244.0.0/23", 2),
    ("10.244.0.0/22", 4), ("10.0.0.0/8", 4), ("0.0.0.0/0", 4), ("10.245.0.0/16", 0),
    ("10.244.4.0/24", 0), ("fd00::/16", 0), ("::/0", 0),
  ])
  func `occupying acts on every block it touches and only once`(text: String, count: Int) throws {
    let range = try range("10.244.0.0/22", 24)
    for _ in 0..<2 {
      range.occupy(try cidr(text))
      #expect(range.reserved == count)
    }
    #expect(next(range, 5).count == 4 - count)
    for _ in 0..<2 {
      range.release(try cidr(text))
      #expect(range.reserved == 4 - count)
    }
  }

  @Test func `occupied blocks are passed over`() throws {
    let range = try range("10.244.0.0/21", 24)
    range.occupy(try cidr("10.244.0.0/23"))
    range.occupy(try cidr("10.244.3.64/26"))
    #expect(next(range, 2) == ["10.244.2.0/24", "10.244.4.0/24"])
  }

  @Test func `a restored cursor goes on after its block`() throws {
    let range = try range("10.244.0.0/22", 24)
    range.restoreCursor(try cidr("10.244.1.0/24"))
    #expect(next(range, 1) == ["10.244.2.0/24"])
    range.restoreCursor(try cidr("10.244.3.0/24"))
    #expect(next(range, 1) == ["10.244.0.0/24"])
    range.restoreCursor(try cidr("10.9.0.0/24"))
    #expect(next(range, 1) == ["10.244.1.0/24"])
  }
}
