/// What a run measured, as a table for people and as one JSON object for programs.
struct Report {
  let plan: LoadPlan
  let figures: Figures

  private static let quantiles: [(name: String, fraction: Double)] = [
    ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999),
  ]

  private var histograms: [(name: String, values: LatencyHistogram)] {
    [("pod.reserve", figures.reserves), ("pod.release", figures.releases)]
      .filter { $0.1.count > 0 }
  }

  var table: String {
    let header = ["method", "answers"] + Self.quantiles.map { $0.name + " µs" } + ["max µs"]
    var rows = [header]
    for (name, values) in histograms {
      let latencies = Self.quantiles.map { Self.microseconds(values.quantile($0.fraction)) }
      rows.append([name, String(values.count)] + latencies + [Self.microseconds(values.maximum)])
    }
    var lines = [
      "\(plan.mode), \(plan.clients) clients × \(plan.depth) in flight, \(plan.nodes) nodes",
      "\(Self.whole(figures.perSecond))/s: \(figures.answered) answers in "
        + "\(Self.seconds(figures.nanoseconds, digits: 3)) s, "
        + "\(figures.failed) errors",
    ]
    lines += Self.aligned(rows)
    for (reason, count) in figures.errors.sorted(by: { $0.value > $1.value }) {
      lines.append("error \(reason): \(count)")
    }
    if !figures.tenths.isEmpty {
      let rates = figures.rateOfTenths.map(Self.whole).joined(separator: " ")
      lines.append("answers/s in each tenth: \(rates)")
    }
    lines.append(
      "this client used \(Self.seconds(figures.usedNanoseconds, digits: 3)) s of "
        + "processor time: \(Self.whole(figures.clientCapacity))/s in one core")
    return lines.joined(separator: "\n")
  }

  /// Reasons are names of the contract and need no escaping.
  var json: String {
    let errors = figures.errors.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
    let latencies = histograms.map { name, values in
      let members = Self.quantiles.map {
        "\"\($0.name)\":\(Self.microseconds(values.quantile($0.fraction)))"
      }
      return "\"\(name)\":{\"count\":\(values.count),\(members.joined(separator: ",")),"
        + "\"max\":\(Self.microseconds(values.maximum))}"
    }
    return """
      {"mode":"\(plan.mode)","clients":\(plan.clients),"depth":\(plan.depth),\
      "nodes":\(plan.nodes),"seconds":\(Self.seconds(figures.nanoseconds, digits: 6)),\
      "answers":\(figures.answered),"perSecond":\(Self.decimal(figures.perSecond, digits: 1)),\
      "errors":{\(errors.joined(separator: ","))},\
      "latencyMicroseconds":{\(latencies.joined(separator: ","))},\
      "perSecondInTenths":[\(figures.rateOfTenths.map(Self.whole).joined(separator: ","))],\
      "clientCPUSeconds":\(Self.seconds(figures.usedNanoseconds, digits: 6))}
      """
  }

  private static func aligned(_ rows: [[String]]) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      zip(row, widths).map { cell, width in
        String(repeating: " ", count: width - cell.count) + cell
      }.joined(separator: "  ")
    }
  }

  private static func seconds(_ nanoseconds: UInt64, digits: Int) -> String {
    decimal(Double(nanoseconds) / 1e9, digits: digits)
  }

  private static func microseconds(_ nanoseconds: UInt64) -> String {
    decimal(Double(nanoseconds) / 1e3, digits: 1)
  }

  private static func whole(_ value: Double) -> String { String(Int(value.rounded())) }

  private static func decimal(_ value: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((value * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}
