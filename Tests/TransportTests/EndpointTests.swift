import Testing
import Transport

@Suite struct EndpointTests {
  @Test(arguments: [
    ("unix:/run/ipledger/ipledger.sock", Endpoint.unix(path: "/run/ipledger/ipledger.sock")),
    ("unix:here.sock", .unix(path: "here.sock")),
    ("unix:" + String(repeating: "a", count: 107), .unix(path: String(repeating: "a", count: 107))),
    ("tcp:127.0.0.1:7700", .tcp(host: "127.0.0.1", port: 7700)),
    ("tcp:0.0.0.0:0", .tcp(host: "0.0.0.0", port: 0)),
    ("tcp:localhost:65535", .tcp(host: "127.0.0.1", port: 65_535)),
    ("tcp:[::1]:7700", .tcp(host: "::1", port: 7700)),
    ("tcp:[2001:DB8:0::1]:1", .tcp(host: "2001:db8::1", port: 1)),
  ])
  func `an endpoint is read`(text: String, expected: Endpoint) throws {
    #expect(try Endpoint(parsing: text) == expected)
  }

  @Test(arguments: [
    ("", "starts neither with unix:, tcp: nor tls:"),
    ("/run/x.sock", "starts neither with unix:, tcp: nor tls:"),
    ("udp:127.0.0.1:1", "starts neither with unix:, tcp: nor tls:"),
    ("UNIX:/x", "starts neither with unix:, tcp: nor tls:"),
    ("unix:", "names no path"),
    ("unix:/run/", "names a folder, not a socket"),
    ("unix:/a\0b", "has a zero byte in its path"),
    ("unix:" + String(repeating: "a", count: 108), "has a path of more than 107 bytes"),
    ("tcp:127.0.0.1", "names no port"),
    ("tcp:[::1]", "names no port"),
    ("tcp::80", "names no address"),
    ("tcp:::1:80", "needs brackets around its IPv6 address: tcp:[::1]:7700"),
    ("tcp:[127.0.0.1]:80", "has no IPv6 address between its brackets"),
    ("tcp:[fe80::1%eth0]:80", "has no IPv6 address between its brackets"),
    ("tcp:example.org:80", "has no IPv4 address, [IPv6 address] or localhost before its port"),
    ("tcp:127.1:80", "has no IPv4 address, [IPv6 address] or localhost before its port"),
    ("tcp:010.0.0.1:80", "has no IPv4 address, [IPv6 address] or localhost before its port"),
    ("tcp:127.0.0.1:", "has no port from 0 to 65535 at its end"),
    ("tcp:127.0.0.1:65536", "has no port from 0 to 65535 at its end"),
    ("tcp:127.0.0.1:+80", "has no port from 0 to 65535 at its end"),
    ("tcp:127.0.0.1:080", "has no port from 0 to 65535 at its end"),
    ("tcp:127.0.0.1: 80", "has no port from 0 to 65535 at its end"),
  ])
  func `what is wrong with an endpoint is said`(text: String, reason: String) {
    let error = #expect(throws: EndpointError.self) { try Endpoint(parsing: text) }
    #expect(error?.description == "\"\(text)\" \(reason)")
  }

  @Test(arguments: ["unix:/x", "tcp:127.0.0.1:1", "tcp:[2001:db8::1]:1"])
  func `an endpoint is written as it is read`(text: String) throws {
    #expect(try Endpoint(parsing: text).description == text)
  }

  @Test(arguments: [
    ("unix:/x", true), ("tcp:127.0.0.1:1", true), ("tcp:127.9.9.9:1", true), ("tcp:[::1]:1", true),
    ("tcp:0.0.0.0:1", false), ("tcp:[::]:1", false), ("tcp:192.0.2.1:1", false),
  ])
  func `an endpoint says whether only this machine reaches it`(
    text: String, isLoopback: Bool
  ) throws {
    #expect(try Endpoint(parsing: text).isLoopback == isLoopback)
  }
}
