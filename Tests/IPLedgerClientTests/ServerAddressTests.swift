import IPLedgerClient
import Testing

@Suite struct ServerAddressTests {
  @Test(arguments: [
    ("unix:/run/x.sock", ServerAddress.unix(path: "/run/x.sock")),
    ("/run/x.sock", .unix(path: "/run/x.sock")),
    ("unix:./x.sock", .unix(path: "./x.sock")),
    ("tcp:127.0.0.1:7000", .tcp(host: "127.0.0.1", port: 7_000)),
    ("tcp:[::1]:7000", .tcp(host: "::1", port: 7_000)),
    ("tls:db.example:7443", .tls(host: "db.example", port: 7_443)),
  ])
  func `an address is read`(text: String, address: ServerAddress) throws {
    #expect(try ServerAddress(text) == address)
    #expect(try ServerAddress(address.description) == address)
  }

  @Test(arguments: [
    ("", "unix:PATH"), ("http:x", "unix:PATH"), ("unix:", "path"), ("tcp:host", "port"),
    ("tcp:host:0", "1 to 65535"), ("tcp:host:65536", "1 to 65535"), ("tcp:::1:70", "brackets"),
    ("tcp::70", "host"), ("unix:/" + String(repeating: "x", count: 107), "107 bytes"),
  ])
  func `what is no address says what would be right`(text: String, hint: String) {
    let error = #expect(throws: ServerAddressError.self) { try ServerAddress(text) }
    #expect(error?.description.contains(hint) == true, "\(String(describing: error))")
  }
}
