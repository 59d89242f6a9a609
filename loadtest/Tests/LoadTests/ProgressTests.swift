import Testing

@testable import ipledger_load

@Suite struct ProgressTests {
  @Test func `progress is one line that fits a terminal`() {
    let interval = Figures.Interval(
      seconds: 12, answers: 231_034, perSecond: 231_034, errors: 1, p50: 1, p99: 3_210, p999: 9,
      max: 9)
    var figures = Figures()
    figures.errors = ["Exhausted": 2]
    let line = Progress.line("pods", figures, interval)
    #expect(line == "pods  12 s  231034/s  p99 3.21 ms  0 answers  2 errors")
    #expect(
      Progress.line(String(repeating: "x", count: 200), figures, interval).count == 79)
  }
}
