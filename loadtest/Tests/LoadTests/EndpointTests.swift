import Testing

@testable import ipledger_load

@Suite struct EndpointTests {
  @Test(arguments: [
    ("unix:/run/i.sock", Endpoint.unix(path: "/run/i.sock")),
    ("s.sock", .unix(path: "s.sock")),
    ("tcp:127.0.0.1:7000", .tcp(host: "127.0.0.1", port: 7_000)),
    ("tcp:[::1]:7000", .tcp(host: "::1", port: 7_000)),
    ("tls:ledger.example:1", .tls(host: "ledger.example", port: 1)),
  ]) func `an address is read as the daemon writes it`(text: String, endpoint: Endpoint) {
    #expect(Endpoint(text) == endpoint)
    #expect(Endpoint(endpoint.description) == endpoint)
  }

  @Test(arguments: [
    "", "unix:", "tcp:", "tcp:7000", "tcp::7000", "tcp:host:", "tcp:host:0", "tcp:host:65536",
    "tcp:::1:7000", "tls:host", "unix:/" + String(repeating: "x", count: 107),
  ]) func `what is no address is refused`(text: String) {
    #expect(Endpoint(text) == nil)
  }

  @Test func `progress is one line that fits a terminal`() {
    let interval = Figures.Interval(
      seconds: 12, answers: 231_034, perSecond: 231_034, errors: 1, p50: 1, p99: 3_210, p999: 9,
      max: 9)
    var figures = Figures()
    figures.errors = ["Exhausted": 2]
    let line = Progress.line("pods", figures, interval)
    #expect(line == "pods  12 s  231034/s  p99 3.21 ms  0 answers  2 errors")
    #expect(
      Progress.line(String(repeating: "x", count: 200), figures, interval).count == 79)
  }
}
