import FaultKit
import Foundation
import Testing

/// Metrics and health over HTTP, as Prometheus and probes see them.
@Suite(.ownThreads) struct MetricsTests {
  /// A daemon that serves metrics, and on which port.
  private static func daemon(_ setup: DaemonSetup = .dual) throws -> (PodBench, UInt16) {
    let bench = try PodBench(setup.with { $0.flags += ["--metrics-listen", "tcp:127.0.0.1:0"] })
    let line = try bench.daemon.child.waitForErrorLine("metrics are served") {
      $0.contains("serving metrics")
    }
    let port = line.split(separator: ":").last.flatMap { UInt16($0.prefix { $0.isNumber }) }
    return (bench, try #require(port, "\(line)"))
  }

  private static func exchange(_ port: UInt16, _ request: String) throws -> String {
    let socket = try StreamSocket.connect(host: "127.0.0.1", port: port)
    defer { close(socket) }
    var sent = 0
    let bytes = Array(request.utf8)
    while sent < bytes.count {
      let count = Glibc.send(
        socket, Array(bytes[sent...]), bytes.count - sent, Int32(MSG_NOSIGNAL))
      if count <= 0 { break }
      sent += count
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = recv(socket, &buffer, buffer.count, 0)
      guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
      answer += buffer[..<count]
    }
  }

  private static func get(_ port: UInt16, _ path: String, method: String = "GET") throws -> String {
    try exchange(port, "\(method) \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
  }

  private static func body(_ answer: String) -> String {
    answer.range(of: "\r\n\r\n").map { String(answer[$0.upperBound...]) } ?? ""
  }

  @Test func `what happened is told in the form that Prometheus reads`() throws {
    let (bench, port) = try Self.daemon()
    _ = try bench.reserve("p")
    _ = try bench.reserve("p", ["ips": ["10.9.9.9"]])
    let answer = try Self.get(port, "/metrics")
    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(answer.contains("text/plain; version=0.0.4"))
    let samples = try Exposition(parsing: Self.body(answer)).samples
    #expect(samples["ipledger_requests_total{method=\"pod.reserve\"}"] == 2)
    #expect(
      samples["ipledger_request_errors_total{method=\"pod.reserve\",reason=\"Conflict\"}"] == 1)
    #expect(samples["ipledger_revision"] == 2)
    #expect(samples["ipledger_objects{kind=\"Pod\"}"] == 1)
    #expect(samples["ipledger_ledger_writable"] == 1)
    #expect(samples["ipledger_commits_total"] == 2)
    #expect((samples["ipledger_commit_duration_seconds_count"] ?? 0) == 2)
    #expect((samples["process_resident_memory_bytes"] ?? 0) > 1e6)
    let range =
      #"{range="service-ipv4",cidr="10.96.0.0/16",family="IPv4",purpose="service"}"#
    #expect(samples["ipledger_range_capacity\(range)"] == 65534)
  }

  @Test func `probes tell the living from the ready`() throws {
    let (bench, port) = try Self.daemon()
    defer { bench.client.close() }
    #expect(try Self.get(port, "/livez").hasPrefix("HTTP/1.1 200"))
    #expect(Self.body(try Self.get(port, "/readyz")) == "ok\n")
    let head = try Self.get(port, "/metrics", method: "HEAD")
    #expect(head.hasPrefix("HTTP/1.1 200") && Self.body(head).isEmpty)
  }

  @Test func `an inherited socket named metrics is for metrics and for nothing else`() throws {
    let folder = try TemporaryFolder()
    let (socket, port) = (folder.file("inherited.sock"), try StreamSocket.freePort())
    let setup = DaemonSetup.dual.with {
      $0.namesSocket = false
      $0.wrapper = [
        "/usr/bin/systemd-socket-activate", "-l", socket, "-l", "127.0.0.1:\(port)",
        "--fdname=local:metrics",
      ]
    }
    let daemon = try DaemonProcess.launch(setup, in: folder)
    try daemon.child.waitForErrorLine("Listening on the port") { $0.contains(":\(port)") }
    #expect(try Self.get(port, "/readyz").hasPrefix("HTTP/1.1 200"))
    let client = try LineClient(unix: socket, of: daemon)
    #expect(try client.request("server.ping").result == [:])
  }

  @Test func `nothing else is served, and bad requests hurt nobody`() throws {
    let (bench, port) = try Self.daemon()
    #expect(try Self.get(port, "/").hasPrefix("HTTP/1.1 404"))
    #expect(try Self.get(port, "/metrics/../etc/passwd").hasPrefix("HTTP/1.1 404"))
    #expect(try Self.get(port, "/metrics", method: "POST").hasPrefix("HTTP/1.1 405"))
    #expect(try Self.exchange(port, "nonsense\r\n\r\n").hasPrefix("HTTP/1.1 400"))
    _ = try? Self.exchange(
      port, "GET /metrics HTTP/1.1\r\nX: " + String(repeating: "y", count: 1 << 20))
    #expect(try Self.get(port, "/livez").hasPrefix("HTTP/1.1 200"))
    #expect(try bench.client.request("server.ping").result == [:])
  }
}

/// The text format, held to its rules.
private struct Exposition {
  private(set) var samples: [String: Double] = [:]
  private var kinds: [String: String] = [:]

  init(parsing text: String) throws {
    guard text.hasSuffix("\n") else { throw HarnessFailure.ended("no newline at the end") }
    var family = ""
    for line in text.split(separator: "\n").map(String.init) {
      let words = line.split(separator: " ").map(String.init)
      if line.hasPrefix("# HELP ") {
        family = words[2]
        guard kinds[family] == nil, words.count > 3 else {
          throw HarnessFailure.ended("a second family, or no help: \(line)")
        }
      } else if line.hasPrefix("# TYPE ") {
        guard words[2] == family else { throw HarnessFailure.ended("TYPE before HELP: \(line)") }
        kinds[family] = words[3]
      } else {
        try read(line, family)
      }
    }
    try checkHistograms()
  }

  private mutating func read(_ line: String, _ family: String) throws {
    guard let blank = line.lastIndex(of: " "), let value = Double(line[line.index(after: blank)...])
    else { throw HarnessFailure.ended("no value: \(line)") }
    let series = String(line[..<blank])
    let name = String(series.prefix { $0 != "{" })
    let kind = kinds[family]
    let suffixes = kind == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
    guard suffixes.contains(where: { family + $0 == name }), samples[series] == nil,
      name.wholeMatch(of: #/[a-z][a-z0-9_]*/#) != nil,
      kind != "counter" || name.hasSuffix("_total")
    else { throw HarnessFailure.ended("a sample out of place: \(line)") }
    samples[series] = value
  }

  private func checkHistograms() throws {
    for (family, kind) in kinds where kind == "histogram" {
      let buckets = samples.filter { $0.key.hasPrefix("\(family)_bucket") }
        .map { (bound: Self.bound($0.key), count: $0.value) }.sorted { $0.bound < $1.bound }
      let isRising = zip(buckets, buckets.dropFirst()).allSatisfy { $0.count <= $1.count }
      guard isRising, buckets.last?.bound == .infinity,
        buckets.last?.count == samples["\(family)_count"]
      else { throw HarnessFailure.ended("\(family): \(buckets)") }
    }
  }

  private static func bound(_ series: String) -> Double {
    let text = series.split(separator: "\"")[1]
    return text == "+Inf" ? .infinity : Double(text) ?? .nan
  }
}
