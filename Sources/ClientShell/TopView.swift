/// The picture of `top`: lines of text, none wider than the terminal.
enum TopView {
  static func lines(_ state: TopState, columns: Int, rows: Int) -> [String] {
    guard let sample = state.sample else {
      let text = state.failure.map { "no answer yet: \($0)" } ?? "asking …"
      return [String(text.prefix(columns))]
    }
    var lines = head(sample, state)
    lines.append("")
    lines.append(title(state, columns))
    let room = max(rows - lines.count - 1, 0)
    lines += state.ranges.prefix(room).map { row($0, columns) }
    while lines.count < rows - 1 { lines.append("") }
    lines.append(foot(state))
    return lines.prefix(max(rows, 1)).map { String($0.prefix(columns)) }
  }

  private static func head(_ sample: TopSample, _ state: TopState) -> [String] {
    let rates = state.rates
    func rate(_ path: KeyPath<TopSample.Counters, Double>) -> String {
      rates.map { count($0[keyPath: path]) + "/s" } ?? "…"
    }
    return [
      "ipledger   up \(span(Double(sample.uptimeSeconds)))   revision \(sample.revision)   "
        + "ledger \(count(Double(sample.ledgerBytes)))B   connections \(sample.connections)",
      "requests \(rate(\.requests))   errors \(rate(\.errors))   records \(rate(\.records))   "
        + "commits \(rate(\.commits))",
      "latency p50 \(time(sample.latencyP50)) p99 \(time(sample.latencyP99))   "
        + "fsync p50 \(time(sample.fsyncP50)) p99 \(time(sample.fsyncP99))",
      "pods \(sample.pods)   Services \(sample.services)   nodes \(sample.nodes)",
    ]
  }

  private static let numbers = 8 + 10 + 10 + 10 + 9

  private static func nameWidth(_ columns: Int) -> Int { min(max((columns - numbers) / 2, 10), 24) }

  private static func title(_ state: TopState, _ columns: Int) -> String {
    let width = nameWidth(columns)
    return "RANGE".padded(to: width) + "FILL".paddedLeft(to: 8) + "RESERVED".paddedLeft(to: 10)
      + "RESTING".paddedLeft(to: 10) + "FREE".paddedLeft(to: 10) + "FULL IN".paddedLeft(to: 9)
      + "  CIDR"
  }

  private static func row(_ range: TopSample.Range, _ columns: Int) -> String {
    let width = nameWidth(columns)
    let unit = range.unit == "block" ? " (blocks)" : ""
    let draining = range.state == "Draining" ? " draining" : ""
    return range.name.padded(to: width - 1) + " " + percent(range.fill).paddedLeft(to: 8)
      + count(range.reserved).paddedLeft(to: 10) + count(range.quarantined).paddedLeft(to: 10)
      + count(range.free).paddedLeft(to: 10)
      + (range.fullInSeconds.map(span) ?? "-").paddedLeft(to: 9)
      + "  " + range.cidr + unit + draining
  }

  private static func foot(_ state: TopState) -> String {
    let order = "sorted by \(state.order.rawValue)\(state.isReversed ? ", reversed" : "")"
    let keys = "q quit  s sort  r reverse  space \(state.isPaused ? "go on" : "pause")"
    let news = state.failure.map { "   NO ANSWER: \($0)" } ?? (state.isPaused ? "   PAUSED" : "")
    return keys + "   " + order + news
  }

  // MARK: Numbers

  /// Three digits and a letter at most: `999`, `1.2k`, `18E`.
  static func count(_ value: Double) -> String {
    var value = value
    for unit in ["", "k", "M", "G", "T", "P", "E", "Z"] {
      if value < 999.5 {
        return unit.isEmpty || value >= 9.95
          ? "\(Int(value.rounded()))\(unit)" : tenths(value) + unit
      }
      value /= 1_000
    }
    return ">999Z"
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  static func percent(_ fraction: Double) -> String { tenths(min(max(fraction, 0), 1) * 100) + "%" }

  static func time(_ microseconds: Int64) -> String {
    microseconds < 1_000
      ? "\(microseconds)µs" : tenths(Double(microseconds) / 1_000) + "ms"
  }

  /// The two largest units of a time: `3d 4h`.
  static func span(_ seconds: Double) -> String {
    guard seconds < 100 * 365 * 86_400 else { return "> 100 y" }
    let seconds = Int(seconds)
    let units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]
    var parts: [String] = []
    var rest = seconds
    for (name, size) in units {
      if rest >= size || !parts.isEmpty { parts.append("\(rest / size)\(name)") }
      rest %= size
    }
    return parts.isEmpty ? "0s" : parts.prefix(2).joined(separator: " ")
  }
}
