import FaultKit
import Foundation
import Testing

/// Rules and dashboard ask for what the daemon tells.
@Suite(.ownThreads) struct MonitoringTests {
  private static let rules = "ops/prometheus/ipledger.rules.yaml"
  private static let dashboard = "ops/grafana/ipledger.json"

  /// The names of all series that `/metrics` has, or will have once something happens.
  private static func series() throws -> Set<String> {
    let port = try StreamSocket.freePort()
    let daemon = try DaemonProcess.start(
      .dual.with { $0.flags = ["--metrics-listen", "tcp:127.0.0.1:\(port)"] })
    defer { daemon.child.signal(SIGKILL) }
    let client = try LineClient(tcp: "127.0.0.1", port: port, of: daemon)
    try client.send(bytes: Array("GET /metrics HTTP/1.0\r\n\r\n".utf8))
    var names: Set<String> = []
    while let line = try client.readLine() {
      let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard words.count == 4, words[1] == "TYPE" else { continue }
      let suffixes = words[3] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
      names.formUnion(suffixes.map { words[2] + $0 })
    }
    return names
  }

  /// What an expression asks for, `ipledger:…` of recording rules too.
  private static func names(in text: String) -> Set<String> {
    Set(text.matches(of: #/\b(?:ipledger[_:]|process_)[a-z0-9_:]+/#).map { String($0.0) })
  }

  @Test func `every metric of the rules and of the dashboard exists`() throws {
    let rules = try Repository.text(Self.rules)
    let recorded = Set(rules.matches(of: #/- record: (\S+)/#).map { String($0.1) })
    let known = try Self.series().union(recorded)
    #expect(known.count > 30 && recorded.count > 4)
    let asked = Self.names(in: rules)
      .union(Self.names(in: try Repository.text(Self.dashboard)))
    #expect(asked.count > 20)
    #expect(asked.subtracting(known).isEmpty)
  }

  @Test func `every reason that a rule looks for exists`() throws {
    let rules = try Repository.text(Self.rules)
    let asked = rules.matches(of: #/reason=~?"([A-Za-z|]+)"/#)
      .flatMap { $0.1.split(separator: "|").map(String.init) }
    #expect(asked.count > 3)
    #expect(Set(asked).isSubset(of: try Runbook.reasons()))
  }

  @Test func `Prometheus takes the rules, and they fire when they should`() throws {
    let folder = try TemporaryFolder()
    for name in ["ipledger.rules.yaml", "ipledger.rules.test.yaml"] {
      _ = try folder.write(try Repository.text("ops/prometheus/" + name), to: name)
    }
    for command in [
      ["check", "rules", "ipledger.rules.yaml"], ["test", "rules", "ipledger.rules.test.yaml"],
    ] {
      let result = try ChildProcess.run("/usr/bin/promtool", command, folder: folder.path)
      #expect(result.status == .exited(0), "\(result.output)\(result.errors)")
    }
  }

  @Test func `the dashboard is one that Grafana reads`() throws {
    let text = try Repository.text(Self.dashboard)
    let board = try #require(JSON(parsing: text))
    let panels = try #require(board["panels"]?.list)
    #expect(panels.count > 10)
    #expect(Set(panels.compactMap { $0["id"]?.int }).count == panels.count)
    for panel in panels {
      #expect(panel["title"]?.text?.isEmpty == false)
      #expect(panel["targets"]?.list?.isEmpty == false, "\(panel)")
      let place = try #require(panel["gridPos"])
      #expect((place["x"]?.int ?? 99) + (place["w"]?.int ?? 99) <= 24)
    }
    #expect(text.contains("${source}") && !text.contains("http"))
  }
}
