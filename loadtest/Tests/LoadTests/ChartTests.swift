import Foundation
import IPLedgerClient
import Testing

@testable import ipledger_load

@Suite struct ChartTests {
  @Test(arguments: [
    (10, [0, 2, 4, 6, 8, 10]), (7, [0, 2, 4, 6, 8]),
    (231_034, [0, 50_000, 100_000, 150_000, 200_000, 250_000]),
  ]) func `an axis from 0 ends at a round number above all`(value: Double, ticks: [Double]) {
    #expect(ChartScale.linear(upTo: value).ticks == ticks)
  }

  @Test func `an axis that ends anywhere has the round numbers on it`() {
    #expect(ChartScale.linear(end: 6.03).ticks == [0, 2, 4, 6])
  }

  @Test func `a logarithmic axis goes from one power of ten to another`() {
    let scale = ChartScale.logarithmic([0, 35, 999])
    #expect(scale == .logarithmic(first: 1, last: 3))
    #expect([0, 10, 100, 1_000, 5_000].map(scale.place) == [0, 0, 0.5, 1, 1])
    #expect(ChartScale.logarithmic([]) == .logarithmic(first: 0, last: 1))
  }

  @Test func `each nine is as long as the one before`() {
    let scale = ChartScale.nines(last: 0.999)
    #expect(scale.ticks == [0.5, 0.9, 0.99, 0.999])
    let places = [0, 0.9, 0.99, 0.999].map(scale.place)
    #expect(zip(places, [0, 1.0 / 3, 2.0 / 3, 1]).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test(arguments: [
    (0, "0"), (0.25, "0.25"), (999, "999"), (1_000, "1k"), (231_034, "231.0k"),
    (2_500_000, "2.50M"),
  ]) func `numbers on an axis are short`(value: Double, text: String) {
    #expect(brief(value) == text)
  }

  @Test(arguments: [
    (0.5, "0.50 µs"), (999, "999 µs"), (1_500, "1.50 ms"), (2_000_000, "2 s"),
  ]) func `a duration has the unit that suits it`(value: Double, text: String) {
    #expect(duration(value) == text)
  }

  @Test(arguments: [(0, "0 %"), (0.5, "50 %"), (0.999, "99.9 %"), (0.999999, "99.9999 %")])
  func `a share has as many nines as it needs`(value: Double, text: String) {
    #expect(percent(value) == text)
  }

  @Test func `a page is whole, needs no network and escapes what it is told`() throws {
    var report = Report()
    var figures = Figures()
    figures.answered = 3
    figures.nanoseconds = 2_000_000_000
    figures.errors = ["<Reason>": 1]
    for value in [1_000, 2_000, 30_000_000] as [UInt64] {
      figures.latencies[Int(Operation.reserve.rawValue)].recordLatency(value)
    }
    figures.intervals = [
      Figures.Interval(
        seconds: 1, answers: 3, perSecond: 3, errors: 1, p50: 2, p99: 30_000, p999: 30_000,
        max: 30_000)
    ]
    var plan = LoadPlan(endpoint: .unix(path: "s"))
    plan.name = "a & b"
    plan.rate = 4
    report.phases = [PhaseResult(plan: plan, figures: figures, check: nil)]
    let text = HTMLReport(title: "<t>", report: report).text
    #expect(text.contains("<title>&lt;t&gt;</title>"))
    #expect(text.contains("<h2>a &amp; b</h2>"))
    #expect(text.contains("error &lt;Reason&gt;: 1"))
    for word in ["http:", "https:", "<script", "src=", "url(", "@import"] {
      #expect(!text.contains(word), "\(word)")
    }
    #expect(text.components(separatedBy: "<svg").count == 4)
    #expect(text.components(separatedBy: "</svg>").count == 4)
  }
}
