/// Metrics in Prometheus' text format, version 0.0.4: families with their help, and their samples.
struct MetricsText {
  enum Kind: String {
    case counter
    case gauge
    case histogram
  }

  private(set) var text = ""
  private var family = ""

  /// Opens a family; its samples follow.
  ///
  /// - Parameter name: with its unit, and `_total` for a counter.
  mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    family = name
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  mutating func sample(_ value: some BinaryInteger, _ labels: KeyValuePairs<String, String> = [:]) {
    sample("", "\(value)", labels)
  }

  mutating func sample(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
    sample("", "\(value)", labels)
  }

  /// The samples of a histogram: `counts[i]` values up to `bounds[i]` seconds, of `count` in all.
  mutating func histogram(
    bounds: [Double], counts: [UInt64], count: UInt64, sum: Double
  ) {
    for (bound, value) in zip(bounds, counts) { sample("_bucket", "\(value)", ["le": "\(bound)"]) }
    sample("_bucket", "\(count)", ["le": "+Inf"])
    sample("_sum", "\(sum)", [:])
    sample("_count", "\(count)", [:])
  }

  private mutating func sample(
    _ suffix: String, _ value: String, _ labels: KeyValuePairs<String, String>
  ) {
    text += family + suffix
    if !labels.isEmpty {
      let pairs = labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
      text += "{\(pairs.joined(separator: ","))}"
    }
    text += " \(value)\n"
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
  }
}
