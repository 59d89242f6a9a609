/// A phase's pictures.
extension PhaseResult {
  var charts: [Chart] {
    var charts = [throughput, latencyOverTime, percentiles]
    if let fillCurve { charts.append(fillCurve) }
    return charts
  }

  private var timeAxis: ChartScale { .linear(end: intervals.last?.seconds ?? 1) }

  private static func secondsText(_ value: Double) -> String { brief(value) + " s" }

  private var throughput: Chart {
    let points = intervals.map { (x: $0.seconds, y: $0.perSecond) }
    var series = [Chart.Series(name: "answers", points: points, isFilled: true)]
    if let rate {
      series.append(
        Chart.Series(name: "to send", points: intervals.map { (x: $0.seconds, y: rate) }))
    }
    return Chart(
      title: "Answers a second", series: series, horizontal: timeAxis,
      vertical: .linear(upTo: series.flatMap(\.points).map(\.y).max() ?? 1),
      label: (x: Self.secondsText, y: brief))
  }

  private var latencyOverTime: Chart {
    let all: [(String, KeyPath<Figures.Interval, Double>)] = [
      ("p50", \.p50), ("p99", \.p99), ("p99.9", \.p999), ("max", \.max),
    ]
    let series = all.map { name, path in
      Chart.Series(name: name, points: intervals.map { (x: $0.seconds, y: $0[keyPath: path]) })
    }
    return Chart(
      title: "Latency over time", series: series, horizontal: timeAxis,
      vertical: .logarithmic(series.flatMap(\.points).map(\.y)),
      label: (x: Self.secondsText, y: duration))
  }

  private var percentiles: Chart {
    let points = percentileCurve.map { (x: $0.fraction, y: $0.microseconds) }
    return Chart(
      title: "Latency by percentile", series: [Chart.Series(name: "all", points: points)],
      horizontal: .nines(last: points.last?.x ?? 0.9),
      vertical: .logarithmic(points.map(\.y)),
      label: (x: percent, y: duration))
  }

  private var fillCurve: Chart? {
    let rates = perSecondInTenths
    guard !rates.isEmpty else { return nil }
    let points = rates.enumerated().map { (x: Double($0.offset + 1) * 10, y: $0.element) }
    return Chart(
      title: "Answers a second, by how much is done",
      series: [Chart.Series(name: "answers", points: points, isFilled: true)],
      horizontal: .linear(end: 100), vertical: .linear(upTo: rates.max() ?? 1),
      label: (x: { whole($0) + " %" }, y: brief))
  }
}

/// A share as a percentage, with as many nines as it has.
func percent(_ fraction: Double) -> String {
  var text = fixed(fraction * 100, 4)
  while text.hasSuffix("0") { text.removeLast() }
  if text.hasSuffix(".") { text.removeLast() }
  return text + " %"
}

/// A number as short as an axis has room for.
func brief(_ value: Double) -> String {
  let steps: [(Double, String)] = [(1e9, "G"), (1e6, "M"), (1e3, "k"), (1, "")]
  let (unit, letter) = steps.first { abs(value) >= $0.0 } ?? (1, "")
  let scaled = value / unit
  let isWhole = abs(scaled - scaled.rounded()) < 0.005
  return (isWhole ? whole(scaled) : fixed(scaled, abs(scaled) < 10 ? 2 : 1)) + letter
}

/// Microseconds in the unit that suits them.
func duration(_ microseconds: Double) -> String {
  if microseconds >= 1e6 { return brief(microseconds / 1e6) + " s" }
  if microseconds >= 1e3 { return brief(microseconds / 1e3) + " ms" }
  return brief(microseconds) + " µs"
}
