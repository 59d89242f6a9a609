import Histogram
import Testing

@testable import ipledger_load

@Suite struct MeterTests {
  private static let second: UInt64 = 1_000_000_000

  private func meter(_ change: (inout PhaseTiming) -> Void = { _ in }) -> Meter {
    var timing = PhaseTiming(depth: 1)
    change(&timing)
    return Meter(start: Self.second, timing: timing)
  }

  @Test func `what is answered while it warms up does not count`() {
    var meter = meter { $0.warmUp = 2 }
    meter.record(.reserve, 900)
    meter.recordError("Exhausted")
    var closed = meter.tick(2 * Self.second)
    #expect(!closed)
    closed = meter.tick(4 * Self.second)
    #expect(!closed)
    meter.record(.reserve, 100)
    let figures = meter.finish(6 * Self.second)
    #expect(figures.answered == 1)
    #expect(figures.errors.isEmpty)
    #expect(figures.nanoseconds == 2 * Self.second)
    #expect(figures.allLatencies.maxRecorded == 100)
  }

  @Test func `intervals hold what was answered in them and the sum is the whole`() {
    var meter = meter()
    for interval in 1...3 {
      for _ in 0..<interval { meter.record(.release, UInt64(interval) * 1_000) }
      if interval == 2 { meter.recordError("Overloaded") }
      let closed = meter.tick(UInt64(interval + 1) * Self.second)
      #expect(closed)
    }
    let figures = meter.finish(4 * Self.second)
    #expect(figures.intervals.map(\.answers) == [1, 2, 3])
    #expect(figures.intervals.map(\.errors) == [0, 1, 0])
    #expect(figures.intervals.map(\.p50) == [1, 2, 3])
    #expect(figures.latencies[Int(Operation.release.rawValue)].totalCount == 6)
    #expect(figures.latencies[Int(Operation.reserve.rawValue)].totalCount == 0)
  }

  @Test func `what came after the last whole interval is not lost`() {
    var meter = meter()
    meter.record(.reserve, 5)
    let figures = meter.finish(Self.second + 10)
    #expect(figures.intervals.map(\.answers) == [1])
    #expect(figures.allLatencies.totalCount == 1)
  }

  @Test func `a known number of requests has hundredths`() {
    var meter = meter { $0.expected = 200 }
    for answer in 1...200 {
      meter.record(.reserve, 1)
      _ = meter.tick(Self.second + UInt64(answer) * 1_000)
    }
    let figures = meter.finish(2 * Self.second)
    #expect(figures.hundredths == (1...100).map { UInt64($0) * 2_000 })
    #expect(figures.rateOfTenths.map { $0.rounded() } == Array(repeating: 1e6, count: 10))
  }
}
