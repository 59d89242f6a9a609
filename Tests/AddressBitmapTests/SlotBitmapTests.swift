import Addressing
import Testing

@testable import AddressBitmap

@Suite struct SlotBitmapTests {
  @Test func `a far address costs one page and automatic choice stays at the front`() throws {
    let range = try podRange("fd00::/48")
    #expect(range.bitmap.pageCount == 0)
    #expect(try range.take("fd00:0:0:9::1") == .claimed)
    #expect(try range.take("fd00:0:0:ffff::1") == .claimed)
    #expect(range.next(100).last == "fd00::65")
    #expect(range.bitmap.pageCount == 3)
  }

  @Test func `pages follow what is held and not what was ever held`() throws {
    let range = try podRange("fd00::/64")
    let kept = try #require(range.next())
    for _ in 0..<(40 * Page.bitCount) {
      let address = try #require(range.next())
      range.release(address, now: 0)
    }
    #expect(range.bitmap.pageCount < 10)
    #expect(range.state(of: kept, now: 0) == .held)
    #expect(range.next() == range.cidr.address(at: UInt128(40 * Page.bitCount) + 3))
  }

  @Test func `a thousand far addresses are found again after the directory grew`() throws {
    let range = try podRange("::/0")
    let addresses = (1...1000).map { range.cidr.address(at: UInt128($0) << 107 + 99) }
    for address in addresses { #expect(range.restore(address)) }
    for address in addresses { #expect(!range.restore(address)) }
    for address in addresses { range.release(address, now: 0) }
    for address in addresses { #expect(range.state(of: address, now: 0) == .free) }
    #expect(range.reservedCount == 0)
  }

  @Test func `Services in a wide range share pages`() throws {
    let range = try serviceRange("fd00::/64", staticBandSize: 256)
    let taken = Set(range.next(5000))
    #expect(taken.count == 5000)
    // 2^16 starts and eight for each: 27 pages at most.
    #expect(range.bitmap.pageCount <= 27)
  }

  @Test func `no hint says full of a page with room`() throws {
    let bitmap = SlotBitmap(usable: 1...20_000)
    for offset: UInt128 in 1...20_000 { #expect(bitmap.claim(offset) == true) }
    #expect(bitmap.claimNext(from: 1, through: 20_000, trustingSummary: false) == nil)
    for offset: UInt128 in [1, 63, 64, 4095, 4096, 8191, 20_000] {
      #expect(bitmap.claim(offset) == false)
      bitmap.release(offset)
      #expect(bitmap.isSet(offset) == false)
      #expect(bitmap.claimNext(from: 1, through: 20_000) == offset)
    }
  }

  @Test func `a search keeps to its interval`() throws {
    let bitmap = SlotBitmap(usable: 1...20_000)
    for offset: UInt128 in 100...9_000 { #expect(bitmap.claim(offset) == true) }
    #expect(bitmap.claimNext(from: 100, through: 9_000) == nil)
    #expect(bitmap.claimNext(from: 100, through: 9_001) == 9_001)
    #expect(bitmap.claimNext(from: 99, through: 9_000) == 99)
    #expect(bitmap.claimNext(from: 9_002, through: 9_001) == nil)
    #expect(bitmap.count(from: 98, through: 9_001) == 8_903)
  }

  @Test func `a page that serves as another is told by its number`() throws {
    let directory = PageDirectory(usable: 1...(1 << 64))
    #expect(directory.claim(7 * 4096 + 5))
    let stale = try required(directory.find(7))
    directory.release(7 * 4096 + 5)
    // Opening a page retires those that are empty, and takes one of them.
    #expect(directory.claim(9 * 4096 + 5))
    #expect(stale.block.number == 9)
    #expect(!stale.claim(5))
    #expect(directory.find(7)?.block == nil)
    #expect(!directory.isSet(7 * 4096 + 5))
    #expect(directory.claim(7 * 4096 + 5))
    #expect(directory.isSet(9 * 4096 + 5))
    #expect(directory.find(7)?.block != stale.block)
  }

  @Test func `a page with anything taken is not retired`() {
    let directory = PageDirectory(usable: 1...(1 << 64))
    #expect(directory.claim(7 * 4096 + 4095))
    for number: UInt128 in 8...20 { #expect(directory.claim(number << 12)) }
    #expect(directory.isSet(7 * 4096 + 4095))
    #expect(directory.find(7)?.block != nil)
    let block = Block(slotCount: 64)
    defer { block.deallocate() }
    #expect(block.setBits(1 << 63, in: 5) == 0)
    #expect(!block.seal(5))
    #expect(block.word(5) == 1 << 63)
    #expect(block.seal(6))
    #expect(block.word(6) == .max)
  }

  @Test func `releasing what is free is a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      SlotBitmap(usable: 1...6).release(3)
    }
  }
}
