/// A phase's result for people.
extension PhaseResult {
  var table: String { ([headline, outcome] + aligned(rows) + notes).joined(separator: "\n") }

  /// What is to be said besides the latencies.
  var notes: [String] {
    var lines: [String] = []
    for (reason, count) in errors.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      lines.append("error \(reason): \(count)")
    }
    if sentLate > 0 {
      lines.append("\(sentLate) requests were sent more than a millisecond after their time")
    }
    if !perSecondInTenths.isEmpty {
      let rates = perSecondInTenths.map { whole($0) }.joined(separator: " ")
      lines.append("answers/s in each tenth: \(rates)")
    }
    if let check {
      lines.append(
        "check: \(check.violations) violations in \(check.acknowledged) acknowledgements, "
          + "\(check.readBack) read back")
      lines += check.samples.map { "violation: \($0)" }
    }
    lines.append(
      "this client used \(fixed(clientCPUSeconds, 3)) s of "
        + "processor time: \(whole(clientCapacity))/s in one core")
    return lines
  }

  private var headline: String {
    let pace = rate.map { ", \(whole($0))/s to send" } ?? ""
    let title = name == mode ? mode : "\(name): \(mode)"
    return "\(title), \(clients) clients × \(depth) in flight\(pace), \(nodes) nodes"
  }

  private var outcome: String {
    "\(whole(perSecond))/s: \(answers) answers in \(fixed(seconds, 3)) s, \(failed) errors"
  }

  private var rows: [[String]] {
    let header = ["method", "answers", "p50 µs", "p90 µs", "p99 µs", "p999 µs", "max µs"]
    return [header]
      + operations.map { operation in
        let latency = operation.latency
        let values = [latency.p50, latency.p90, latency.p99, latency.p999, latency.max]
        return [operation.name, String(latency.count)] + values.map { fixed($0, 1) }
      }
  }

  private func aligned(_ rows: [[String]]) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      zip(row, widths).map { cell, width in
        String(repeating: " ", count: width - cell.count) + cell
      }.joined(separator: "  ")
    }
  }
}

/// A number without a fraction.
func whole(_ value: Double) -> String { String(Int(value.rounded())) }

/// A number with so many digits after its point.
func fixed(_ value: Double, _ digits: Int) -> String {
  guard digits > 0 else { return whole(value) }
  let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
  let scaled = Int((abs(value) * Double(scale)).rounded())
  let fraction = String(scaled % scale)
  return (value < 0 ? "-" : "") + "\(scaled / scale)."
    + String(repeating: "0", count: digits - fraction.count) + fraction
}
