internal import IPLedgerClient

/// What a daemon said of itself at one moment.
struct TopSample: Sendable, Hashable {
  /// A range as a row shows it.
  struct Range: Sendable, Hashable {
    let name: String
    let purpose: String
    let cidr: String
    let unit: String
    let state: String
    let capacity: Double
    let reserved: Double
    let quarantined: Double
    let free: Double

    /// At the pace of late; nil when it does not fill.
    var fullInSeconds: Double?

    /// From 0 to 1; a range without room is full.
    var fill: Double { capacity > 0 ? (capacity - free) / capacity : 1 }
  }

  /// What is counted up since the daemon's start.
  struct Counters: Sendable, Hashable {
    var requests = 0.0
    var errors = 0.0
    var commits = 0.0
    var records = 0.0
  }

  /// On the client's monotonic clock.
  let time: Duration
  let uptimeSeconds: Int64
  let revision: Int64
  let connections: Int64
  let pods: Int64
  let services: Int64
  let nodes: Int64
  let counters: Counters

  /// Microseconds.
  let latencyP50: Int64
  let latencyP99: Int64
  let fsyncP50: Int64
  let fsyncP99: Int64
  let ledgerBytes: Int64
  let ranges: [Range]

  /// Asks for `server.stats`, every range, and the pace of each.
  init(time: Duration, call: Shell.Call) throws {
    let stats = try call("server.stats", [:])
    var ranges: [Range] = []
    var next: JSON?
    repeat {
      let page = JSON.object(
        [JSON.Member("limit", 1_000)] + (next.map { [JSON.Member("continue", $0)] } ?? []))
      let result = try call("range.list", page)
      ranges += (result["items"]?.array ?? []).map { Range($0) }
      next = result["continue"]
    } while next != nil
    for index in ranges.indices.prefix(Self.mostPaces) {
      let explained = try? call("range.explain", ["cidr": .string(ranges[index].cidr)])
      let pace = explained?["ranges"]?.array?.first?["pace"]
      ranges[index].fullInSeconds = pace?["fullInSeconds"]?.double
    }
    self.init(time: time, stats: stats, ranges: ranges)
  }

  /// The pace of more ranges is not asked for.
  private static let mostPaces = 32

  init(time: Duration, stats: JSON, ranges: [Range]) {
    self.time = time
    self.ranges = ranges
    uptimeSeconds = stats["uptimeSeconds"]?.int ?? 0
    revision = stats["ledger"]?["revision"]?.int ?? 0
    ledgerBytes = stats["ledger"]?["bytes"]?.int ?? 0
    connections = stats["connections"]?["open"]?.int ?? 0
    pods = stats["objects"]?["pods"]?.int ?? 0
    services = stats["objects"]?["services"]?.int ?? 0
    nodes = stats["objects"]?["nodes"]?.int ?? 0
    latencyP50 = stats["latencyMicroseconds"]?["p50"]?.int ?? 0
    latencyP99 = stats["latencyMicroseconds"]?["p99"]?.int ?? 0
    let commits = stats["commits"]
    fsyncP50 = commits?["fsyncMicroseconds"]?["p50"]?.int ?? 0
    fsyncP99 = commits?["fsyncMicroseconds"]?["p99"]?.int ?? 0
    let requests = (stats["requests"]?.members ?? []).map(\.value)
    counters = Counters(
      requests: requests.reduce(0) { $0 + ($1["count"]?.double ?? 0) },
      errors: requests.reduce(0) { $0 + ($1["errors"]?.double ?? 0) },
      commits: commits?["count"]?.double ?? 0, records: commits?["records"]?.double ?? 0)
  }

  /// What was done a second since an earlier sample; nil when the daemon was started between them.
  func rates(since earlier: TopSample) -> Counters? {
    let seconds = (time - earlier.time) / .seconds(1)
    guard seconds > 0, uptimeSeconds >= earlier.uptimeSeconds else { return nil }
    func rate(_ path: KeyPath<Counters, Double>) -> Double {
      max(counters[keyPath: path] - earlier.counters[keyPath: path], 0) / seconds
    }
    return Counters(
      requests: rate(\.requests), errors: rate(\.errors), commits: rate(\.commits),
      records: rate(\.records))
  }
}

extension TopSample.Range {
  /// Reads an item of `range.list`.
  init(_ item: JSON) {
    name = item["name"]?.string ?? ""
    purpose = item["purpose"]?.string ?? ""
    cidr = item["cidr"]?.string ?? ""
    unit = item["unit"]?.string ?? ""
    state = item["state"]?.string ?? ""
    capacity = item["capacity"]?.double ?? 0
    reserved = item["reserved"]?.double ?? 0
    quarantined = item["quarantined"]?.double ?? 0
    free = item["free"]?.double ?? 0
  }
}

extension JSON {
  /// A number, or a string that holds one: counts pass what a number holds exactly.
  fileprivate var double: Double? {
    switch self {
    case .int(let value): Double(value)
    case .number(let text), .string(let text): Double(text)
    default: nil
    }
  }
}
