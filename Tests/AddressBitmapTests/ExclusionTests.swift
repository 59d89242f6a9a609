import Addressing
import Testing

@testable import AddressBitmap

/// Addresses that were taken out of a range.
@Suite struct ExclusionTests {
  private static func range(_ text: String, strict: Bool = false) throws -> AddressRange {
    AddressRange(
      cidr: try #require(CIDR(text)),
      use: .pod(
        reservesGateway: true, quarantine: Quarantine(milliseconds: 30_000, isStrict: strict)))
  }

  private func blocks(_ texts: String...) -> [CIDR] { texts.compactMap { CIDR($0) } }

  @Test func `automatic choice steps over them, around the end, until they are back`() throws {
    let range = try Self.range("10.0.0.0/28")
    range.setExclusions(blocks("10.0.0.4/30", "10.0.0.12/31"))
    #expect(range.excludedCount == 6)
    #expect(range.next(20) == ["2", "3", "8", "9", "10", "11", "14"].map { "10.0.0.\($0)" })
    #expect(range.next() == nil)
    range.setExclusions(blocks("10.0.0.12/31"))
    #expect(range.next(20) == ["4", "5", "6", "7"].map { "10.0.0.\($0)" })
  }

  @Test func `who has one keeps it, and it rests and then stays out after the release`() throws {
    let range = try Self.range("10.0.0.0/29")
    #expect(range.next()?.description == "10.0.0.2")
    range.setExclusions(blocks("10.0.0.2/31"))
    #expect(range.excludedCount == 1)
    #expect(try range.state("10.0.0.2") == .held)
    #expect(try range.state("10.0.0.3") == .excluded)
    #expect(try range.take("10.0.0.3") == .excluded)
    try range.release("10.0.0.2", now: 1000)
    #expect(try range.state("10.0.0.2", now: 1000) == .resting(since: 1000))
    #expect(range.next(9, now: 2000) == ["10.0.0.4", "10.0.0.5", "10.0.0.6"])
    #expect(range.next(now: 2000) == nil, "a resting one that is excluded goes to nobody")
    #expect(try range.state("10.0.0.2", now: 40_000) == .excluded)
  }

  @Test func `a wide IPv6 range is looked through by what is used of it`() throws {
    let range = try Self.range("fd00::/64")
    let half = UInt128(1) << 63
    range.setExclusions(blocks("fd00::/66", "fd00:0:0:0:c000::/66"))
    #expect(range.next()?.description == "fd00::4000:0:0:0")
    #expect(range.excludedCount == half - 2)
    let run = range.largestFreeRun
    #expect(run?.first.description == "fd00::4000:0:0:1")
    #expect(run?.count == half - 1)
  }

  @Test(arguments: [
    ([], "10.0.0.2", 13), (["10.0.0.5"], "10.0.0.6", 9), (["10.0.0.8"], "10.0.0.2", 6),
    (["10.0.0.2", "10.0.0.14"], "10.0.0.3", 11),
  ])
  func `the largest free run lies between what is taken`(
    _ taken: [String], _ first: String, _ count: Int
  ) throws {
    let range = try Self.range("10.0.0.0/28")
    for text in taken { #expect(try range.take(text) == .claimed) }
    let run = range.largestFreeRun
    #expect(run?.first.description == first)
    #expect(run?.count == UInt128(count))
  }

  @Test func `a full range has no free run, and neither has one that is excluded`() throws {
    let full = try Self.range("10.0.0.0/30")
    #expect(full.next()?.description == "10.0.0.2")
    #expect(full.largestFreeRun == nil)
    let excluded = try Self.range("10.0.0.0/30")
    excluded.setExclusions(blocks("10.0.0.0/8"))
    #expect(excluded.largestFreeRun == nil)
    #expect(excluded.excludedCount == 1)
    #expect(excluded.next() == nil)
  }

  @Test func `what is excluded while many claim is never handed out afterwards`() throws {
    let range = try Self.range("10.0.0.0/22")
    let half = blocks("10.0.2.0/23")
    onThreads(4) { thread in
      if thread == 0 { range.setExclusions(half) }
      for _ in 0..<300 where thread > 0 { _ = range.next() }
    }
    while range.next() != nil {}
    let outside = range.takenAddresses.filter { !half[0].contains($0) }
    #expect(outside.count == 510)
    #expect(range.excludedCount == UInt128(511 - (range.heldCount - 510)))
  }
}

/// How fast a range fills.
@Suite struct UsePaceTests {
  @Test(arguments: [
    (10, 1000, UInt128(100), UInt64?(10)), (1, 60_000, 3, 180), (0, 1000, 100, nil),
    (-5, 1000, 100, nil), (1, 1000, .max, nil),
  ])
  func `a range is full when its pace has eaten what is free`(
    _ change: Int, _ milliseconds: Int64, _ free: UInt128, _ seconds: UInt64?
  ) {
    let pace = UsePace(change: change, milliseconds: milliseconds)
    #expect(pace.secondsUntilFull(free: free) == seconds)
  }
}
