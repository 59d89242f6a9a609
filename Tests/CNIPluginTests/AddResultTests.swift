import Addressing
import IPLedgerClient
import Testing

@testable import CNIPlugin

@Suite struct AddResultTests {
  private static func result() throws -> AddResult {
    let answer = try JSON(
      text: """
        {"podIP":"10.1.2.3","podIPs":["10.1.2.3","fd00::3"],"prefixLengths":[24,64],\
        "gateways":["10.1.2.1","fd00::1"],"node":"w","existing":false,"revision":7}
        """)
    var result = try #require(AddResult(answer: answer))
    let config = try NetworkConfig(
      Array(
        #"""
        {"name":"n","ipam":{"routes":[{"dst":"0.0.0.0/0","mtu":9000},
        {"dst":"fd01::/16","gw":"fd00::9","table":5}]}}
        """#.utf8))
    result.routes = try Route.routes(of: config)
    return result
  }

  private static let ip4 = #"{"address":"10.1.2.3/24","gateway":"10.1.2.1"}"#
  private static let ip6 = #"{"address":"fd00::3/64","gateway":"fd00::1"}"#
  private static let routes =
    #"[{"dst":"0.0.0.0/0","mtu":9000},{"dst":"fd01::/16","gw":"fd00::9","table":5}]"#

  @Test(arguments: CNIVersion.allCases)
  func `each version has its shape`(version: CNIVersion) throws {
    let expected: String
    switch version {
    case .v010, .v020:
      expected = #"""
        {"cniVersion":"0.2.0",
        "ip4":{"ip":"10.1.2.3/24","gateway":"10.1.2.1","routes":[{"dst":"0.0.0.0/0"}]},
        "ip6":{"ip":"fd00::3/64","gateway":"fd00::1","routes":[{"dst":"fd01::/16","gw":"fd00::9"}]},
        "dns":{}}
        """#
    case .v030, .v031, .v040:
      expected = """
        {"cniVersion":"\(version.rawValue)","ips":[
        {"version":"4",\(Self.ip4.dropFirst()),
        {"version":"6",\(Self.ip6.dropFirst())
        ],"routes":\(Self.routes),"dns":{}}
        """
    case .v100, .v110:
      expected = """
        {"cniVersion":"\(version.rawValue)","ips":[
        \(Self.ip4),
        \(Self.ip6)
        ],"routes":\(Self.routes)}
        """
    }
    let line = expected.split(separator: "\n").joined() + "\n"
    #expect(String(decoding: try Self.result().document(version), as: UTF8.self) == line)
  }

  @Test func `what resolv conf says comes along`() throws {
    var result = try Self.result()
    result.resolver = ResolverSettings(
      file: """
        # a comment
        ; another
        nameserver 10.96.0.10
        nameserver\tfd00:10:96::a
        domain example.org
          search a.example  b.example
        options ndots:5 edns0
        sortlist 1.2.3.4
        nameserver
        """)
    let json = try JSON(bytes: result.document(.v100))
    #expect(
      json["dns"]?.text == """
        {"nameservers":["10.96.0.10","fd00:10:96::a"],"domain":"example.org",\
        "search":["a.example","b.example"],"options":["ndots:5","edns0"]}
        """)
  }

  @Test(arguments: [
    "{}", #"{"podIPs":[],"prefixLengths":[]}"#, #"{"podIPs":["x"],"prefixLengths":[24]}"#,
    #"{"podIPs":["10.0.0.1"],"prefixLengths":[]}"#,
  ])
  func `an answer without addresses is none`(text: String) throws {
    #expect(AddResult(answer: try JSON(text: text)) == nil)
  }

  @Test func `an error is one document with its code`() {
    let error = PluginError(.tryAgainLater, "a \"b\"", details: "c")
    #expect(
      String(decoding: error.document(.v040), as: UTF8.self)
        == #"{"cniVersion":"0.4.0","code":11,"msg":"a \"b\"","details":"c"}"# + "\n")
  }
}
