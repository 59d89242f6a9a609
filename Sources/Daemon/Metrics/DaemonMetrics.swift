import Addressing
import Allocation
import Foundation
import Glibc
import LineProtocol
import SQLiteLedger
import Transport

/// What the daemon tells Prometheus of itself: each metric once, with its unit in its name.
///
/// It reads counters that are kept anyway, and takes no lock for longer than a copy.
struct DaemonMetrics {
  let context: DaemonContext

  /// Upper bounds of the histograms of durations, in seconds.
  private static let bounds = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
  ]

  var text: String {
    var text = MetricsText()
    appendRequests(to: &text)
    appendLedger(to: &text)
    appendAddresses(to: &text)
    appendConnections(to: &text)
    appendProcess(to: &text)
    return text.text
  }

  private func appendRequests(to text: inout MetricsText) {
    text.family("ipledger_requests_total", .counter, "Requests by method.")
    for (method, counts) in context.requests.methods where counts.count > 0 {
      text.sample(counts.count, ["method": method.name])
    }
    text.family(
      "ipledger_request_errors_total", .counter, "Requests answered with an error, by reason.")
    for failure in context.requests.failures {
      text.sample(
        failure.count, ["method": failure.method.name, "reason": failure.reason.rawValue])
    }
    text.family(
      "ipledger_request_duration_seconds", .histogram,
      "From a change that was read to its answer handed to the socket.")
    append(context.requests.durations, to: &text)
  }

  private func append(_ durations: LatencyHistogram, to text: inout MetricsText) {
    let counts = durations.counts(upToMicroseconds: Self.bounds.map { UInt64($0 * 1e6) })
    text.histogram(
      bounds: Self.bounds, counts: counts, count: durations.total,
      sum: Double(durations.sumMicroseconds) / 1e6)
  }

  private func appendLedger(to text: inout MetricsText) {
    let commits = context.commits
    text.family("ipledger_commits_total", .counter, "Commits of the ledger.")
    text.sample(commits.commits)
    text.family("ipledger_commit_records_total", .counter, "Records in them.")
    text.sample(commits.records)
    text.family("ipledger_commit_failures_total", .counter, "Commits that failed.")
    text.sample(commits.failures)
    text.family(
      "ipledger_commit_duration_seconds", .histogram,
      "Of a commit, from its first row until it is synced.")
    append(commits.durationsOfCommits, to: &text)
    let disk = context.ledger.statistics
    text.family("ipledger_ledger_bytes", .gauge, "Size of the database file.")
    text.sample(disk.ledgerBytes)
    text.family("ipledger_wal_bytes", .gauge, "Size of its write-ahead log.")
    text.sample(disk.logBytes)
    text.family("ipledger_underived_records", .gauge, "Records that a start would replay.")
    text.sample(commits.underived)
    text.family("ipledger_revision", .gauge, "The newest revision.")
    text.sample(context.engine.revision)
    text.family("ipledger_ledger_writable", .gauge, "1 while changes are taken.")
    text.sample(context.engine.isWritable ? 1 : 0)
  }

  private func appendAddresses(to text: inout MetricsText) {
    let objects = context.engine.objectCounts
    text.family("ipledger_objects", .gauge, "What is held, by kind.")
    text.sample(objects.pods, ["kind": "Pod"])
    text.sample(objects.services, ["kind": "Service"])
    text.sample(objects.nodes, ["kind": "Node"])
    text.family("ipledger_leases", .gauge, "Leases and kept addresses that end by themselves.")
    text.sample(context.engine.leases.count)
    let ranges = context.engine.allRanges().ranges
    text.family(
      "ipledger_range_capacity", .gauge,
      "What a range could ever hand out: addresses, or a cluster CIDR's node blocks.")
    for range in ranges { text.sample(Double(range.capacity), labels(range)) }
    text.family("ipledger_range_reserved", .gauge, "How much of it is held.")
    for range in ranges { text.sample(Double(range.reserved), labels(range)) }
    text.family("ipledger_range_quarantined", .gauge, "How much of it rests after a release.")
    for range in ranges { text.sample(Double(range.quarantined), labels(range)) }
    text.family("ipledger_range_excluded", .gauge, "How much of it an administrator took out.")
    for range in ranges { text.sample(Double(range.excluded), labels(range)) }
    text.family("ipledger_range_draining", .gauge, "1 when nothing new is handed out from it.")
    for range in ranges { text.sample(range.isDraining ? 1 : 0, labels(range)) }
  }

  private func labels(_ range: RangeStatus) -> KeyValuePairs<String, String> {
    [
      "range": range.name, "cidr": "\(range.cidr)", "family": range.cidr.family.name,
      "purpose": range.purpose,
    ]
  }

  private func appendConnections(to text: inout MetricsText) {
    let counters = context.counters
    text.family("ipledger_connections", .gauge, "Open connections.")
    text.sample(counters?.open ?? 0)
    text.family("ipledger_connections_paused", .gauge, "Those that do not take their answers.")
    text.sample(counters?.paused ?? 0)
    text.family("ipledger_connections_total", .counter, "Connections ever accepted.")
    text.sample(counters?.total ?? 0)
    text.family("ipledger_connections_evicted_total", .counter, "Those closed by the daemon.")
    text.sample(counters?.evictions ?? 0)
    text.family(
      "ipledger_connections_refused_total", .counter, "Those beyond what one peer may have.")
    text.sample(counters?.refusals ?? 0)
    text.family("ipledger_tls_handshake_failures_total", .counter, "TLS handshakes that failed.")
    text.sample(counters?.handshakeFailures ?? 0)
    text.family("ipledger_accept_failures_total", .counter, "Connections that were not accepted.")
    text.sample(counters?.acceptFailures ?? 0)
  }

  private func appendProcess(to text: inout MetricsText) {
    text.family("ipledger_build_info", .gauge, "The version, as a label.")
    text.sample(1, ["version": Daemon.version])
    text.family("ipledger_uptime_seconds", .gauge, "Since the start.")
    text.sample(context.uptimeSeconds)
    if let seconds = Self.processorSeconds {
      text.family("process_cpu_seconds_total", .counter, "Processor time, user and system.")
      text.sample(seconds)
    }
    let pages = try? String(contentsOfFile: "/proc/self/statm", encoding: .ascii)
    if let resident = pages?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) {
      text.family("process_resident_memory_bytes", .gauge, "Resident memory.")
      text.sample(resident * Int(getpagesize()))
    }
    if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      text.family("process_open_fds", .gauge, "Open file descriptors.")
      text.sample(open.count)
    }
  }

  /// Fields 14 and 15 of /proc/self/stat, in ticks; the name in field 2 may hold blanks.
  private static var processorSeconds: Double? {
    guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
      let name = stat.lastIndex(of: ")")
    else { return nil }
    let fields = stat[name...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
      return nil
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}

extension RangeStatus {
  /// As `range.list` names it.
  fileprivate var purpose: String {
    switch subject {
    case .service: "service"
    case .loadBalancer: "loadBalancer"
    case .cluster, .node: "pod"
    case .pool: "pool"
    }
  }
}
