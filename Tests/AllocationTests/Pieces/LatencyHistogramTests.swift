import FaultKit
import Testing

@testable import Allocation

@Suite struct LatencyHistogramTests {
  @Test func `it says nothing before the first value`() {
    #expect(LatencyHistogram().quantiles == nil)
  }

  @Test(arguments: [UInt64(0), 1, 7, 8, 15, 16, 1_000, 123_456, 1 << 40, 1 << 54])
  func `one value is all of its quantiles`(_ value: UInt64) {
    var histogram = LatencyHistogram()
    histogram.record(microseconds: value)
    let quantiles = LatencyQuantiles(p50: value, p90: value, p99: value, max: value)
    #expect(histogram.quantiles == quantiles)
  }

  @Test func `quantiles are right to an eighth, also of two histograms together`() throws {
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    var (first, second) = (LatencyHistogram(), LatencyHistogram())
    let values = (0..<5_000).map { _ in
      UInt64.random(in: 0..<(1 << UInt64.random(in: 1...30, using: &random)), using: &random)
    }
    for (index, value) in values.enumerated() {
      if index.isMultiple(of: 3) {
        first.record(microseconds: value)
      } else {
        second.record(microseconds: value)
      }
    }
    first.add(second)
    let sorted = values.sorted()
    let seen = try #require(first.quantiles)
    for (percent, value) in [(50, seen.p50), (90, seen.p90), (99, seen.p99)] {
      let exact = sorted[(values.count * percent + 99) / 100 - 1]
      #expect(value >= exact && value <= exact + exact / 8 + 1, "seed \(seed), p\(percent)")
    }
    #expect(seen.max == sorted.last)
  }
}
