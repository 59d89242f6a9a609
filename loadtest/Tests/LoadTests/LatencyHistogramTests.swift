import Histogram
import Testing

@testable import ipledger_load

@Suite struct LatencyHistogramTests {
  @Test(arguments: [0, 1, 127, 1_000, 65_535, 1_234_567, 3_599_999_999_999])
  func `a quantile is the value or at most 0.1 % above it`(value: UInt64) {
    var histogram = LatencyHistogram.empty
    histogram.recordLatency(value)
    histogram.recordLatency(LatencyHistogram.longestLatency)
    let found = histogram.quantile(0.5)
    #expect(found >= value)
    #expect(found - value <= value / 1_000)
  }

  @Test func `what takes longer than the longest counts as the longest`() {
    var histogram = LatencyHistogram.empty
    histogram.recordLatency(.max)
    #expect(histogram.totalCount == 1)
    #expect(histogram.maxRecorded == LatencyHistogram.longestLatency)
  }

  @Test func `quantiles count from the smallest`() {
    var histogram = LatencyHistogram.empty
    for value in UInt64(1)...100 { histogram.recordLatency(value) }
    #expect([0.5, 0.9, 0.99, 1].map { histogram.quantile($0) } == [50, 90, 99, 100])
  }

  @Test func `without values every quantile is 0`() {
    #expect(LatencyHistogram.empty.quantile(0.99) == 0)
  }
}
