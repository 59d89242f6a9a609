import IPLedgerClient
import Testing

@testable import ClientShell

/// The picture of `top`, from answers to lines.
@Suite struct TopTests {
  private static func sample(at seconds: Int, requests: Int64, uptime: Int64 = 100) -> TopSample {
    TopSample(
      time: .seconds(seconds),
      stats: [
        "uptimeSeconds": .int(uptime),
        "requests": ["pod.reserve": ["count": .int(requests), "errors": 2]],
        "commits": ["count": 10, "records": 20, "fsyncMicroseconds": ["p50": 900, "p99": 1_500]],
        "latencyMicroseconds": ["p50": 1_000, "p99": 25_000],
        "ledger": ["revision": 42, "bytes": 77_824], "objects": ["pods": 7],
      ],
      ranges: [
        range("a", capacity: "100", free: "50"), range("b", capacity: "100", free: "0"),
        range("c", capacity: "18446744073709551616", free: "18446744073709551616"),
      ])
  }

  private static func range(_ name: String, capacity: String, free: String) -> TopSample.Range {
    var range = TopSample.Range([
      "name": .string(name), "cidr": "10.0.0.0/8", "unit": "address", "state": "Active",
      "capacity": .string(capacity), "free": .string(free), "reserved": "1", "quarantined": "0",
    ])
    range.fullInSeconds = name == "a" ? 90_000 : nil
    return range
  }

  @Test func `rates are what was done between two samples`() {
    let first = Self.sample(at: 10, requests: 100)
    let second = Self.sample(at: 12, requests: 300, uptime: 102)
    #expect(second.rates(since: first)?.requests == 100)
    #expect(second.rates(since: first)?.errors == 0)
    let restarted = Self.sample(at: 14, requests: 5, uptime: 1)
    #expect(restarted.rates(since: second) == nil, "the daemon began to count anew")
    #expect(first.rates(since: first) == nil)
  }

  @Test(
    arguments: [
      ([], ["b", "a", "c"]), (["s"], ["b", "a", "c"]), (["s", "s"], ["a", "b", "c"]),
      (["s", "s", "s"], ["a", "b", "c"]), (["s", "s", "s", "s"], ["b", "a", "c"]),
      (["r"], ["c", "a", "b"]),
    ] as [([Character], [String])])
  func `keys order the ranges`(keys: [Character], names: [String]) {
    var state = TopState()
    state.update(Self.sample(at: 1, requests: 0))
    for key in keys { #expect(state.press(.character(key)) == .redraw) }
    #expect(state.ranges.map(\.name) == names)
  }

  @Test func `keys stop it, and end it`() {
    var state = TopState()
    #expect(state.press(.character(" ")) == .redraw)
    #expect(state.isPaused)
    #expect(state.press(.character("x")) == .none)
    #expect(state.press(.control("z")) == .suspend)
    for key in [Key.character("q"), .control("c"), .control("d")] {
      #expect(state.press(key) == .quit)
    }
  }

  @Test(arguments: [(100, 24), (80, 10), (20, 3), (1, 1)])
  func `nothing is drawn outside the terminal`(columns: Int, rows: Int) {
    var state = TopState()
    #expect(TopView.lines(state, columns: columns, rows: rows).count == 1)
    state.update(Self.sample(at: 1, requests: 0))
    let lines = TopView.lines(state, columns: columns, rows: rows)
    #expect(lines.count == rows)
    #expect(lines.allSatisfy { $0.count <= columns })
  }

  @Test func `the picture shows ranges, rates and what is to come`() {
    var state = TopState()
    state.update(Self.sample(at: 10, requests: 100))
    state.update(Self.sample(at: 12, requests: 300, uptime: 102))
    state.fail("it is gone")
    let lines = TopView.lines(state, columns: 120, rows: 12)
    #expect(lines[0].contains("up 1m 42s   revision 42   ledger 78kB"))
    #expect(lines[1].contains("requests 100/s"))
    #expect(lines[2].contains("p50 1.0ms p99 25.0ms   fsync p50 900µs p99 1.5ms"))
    #expect(lines[7].contains("a ") && lines[7].contains("50.0%") && lines[7].contains("1d 1h"))
    #expect(lines[8].contains("18E"))
    #expect(lines[11].contains("NO ANSWER: it is gone"))
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1.0k"), (9_949, "9.9k"), (9_951, "10k"), (65_534, "66k"),
    (999_600, "1.0M"), (1.8e19, "18E"), (1e30, ">999Z"),
  ])
  func `counts are short`(value: Double, text: String) {
    #expect(TopView.count(value) == text)
  }

  @Test(arguments: [(0, "0s"), (61, "1m 1s"), (90_000, "1d 1h"), (1e300, "> 100 y")])
  func `times are short`(seconds: Double, text: String) {
    #expect(TopView.span(seconds) == text)
  }
}
