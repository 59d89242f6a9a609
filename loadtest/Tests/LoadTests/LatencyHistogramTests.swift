import Testing

@testable import ipledger_load

@Suite struct LatencyHistogramTests {
  @Test(arguments: [0, 1, 127, 128, 255, 256, 257, 1_000, 65_535, 1_234_567, .max >> 1, .max])
  func `a quantile is the value or at most 0.8 % above it`(value: UInt64) {
    var histogram = LatencyHistogram()
    histogram.record(value)
    histogram.record(.max)
    let found = histogram.quantile(0.5)
    #expect(found >= value)
    #expect(found - value <= value / 127)
  }

  @Test func `quantiles count from the smallest`() {
    var histogram = LatencyHistogram()
    for value in UInt64(1)...100 { histogram.record(value) }
    #expect([0.5, 0.9, 0.99, 1].map(histogram.quantile) == [50, 90, 99, 100])
    #expect(histogram.maximum == 100)
  }

  @Test func `without values every quantile is 0`() {
    #expect(LatencyHistogram().quantile(0.99) == 0)
  }
}
