import Addressing
import LineProtocol
import Testing

@Suite("Params of nodes, ranges, addresses and the server")
struct MethodsNodeAndRangeTests {
  @Test func `a register reads addresses and blocks`() throws {
    let params = try read(
      NodeRegisterParams.self,
      #"""
      {"name":"w","nodeIPs":["192.0.2.10","2001:DB8::10"],"podCIDRs":["10.244.0.0/24"],
      "os":"windows","networkMode":"overlay"}
      """#)
    #expect(params.name == "w")
    #expect(params.nodeIPs == [try address("192.0.2.10"), try address("2001:db8::10")])
    #expect(params.podCIDRs == [try cidr("10.244.0.0/24")])
    #expect(params.os == .windows)
    #expect(params.networkMode == .overlay)
  }

  @Test(arguments: [#"{"name":"w"}"#, #"{"name":"w","podCIDRs":[],"nodeIPs":[],"os":null}"#])
  func `a register leaves the choice to the server`(json: String) throws {
    let params = try read(NodeRegisterParams.self, json)
    #expect(params.podCIDRs == nil)
    #expect(params.os == .linux)
    #expect(params.networkMode == nil)
  }

  @Test(
    arguments: [
      (#"{"name":"w"}"#, nil), (#"{"name":"w","nodeIPs":null}"#, nil),
      (#"{"name":"w","nodeIPs":[]}"#, []),
    ] as [(String, [IPAddress]?)])
  func `a register tells no addresses from addresses left out`(
    json: String, nodeIPs: [IPAddress]?
  ) throws {
    #expect(try read(NodeRegisterParams.self, json).nodeIPs == nodeIPs)
  }

  @Test(arguments: [
    ("{}", ["name Required"]),
    (#"{"name":""}"#, ["name Invalid"]),
    (#"{"name":"w","nodeIPs":"192.0.2.1"}"#, ["nodeIPs Invalid"]),
    (#"{"name":"w","nodeIPs":["192.0.2.1","x",1]}"#, ["nodeIPs[1] Invalid", "nodeIPs[2] Invalid"]),
    (#"{"name":"w","podCIDRs":["10.0.0.1/24"]}"#, ["podCIDRs[0] Invalid"]),
    (#"{"name":"w","podCIDRs":["10.0.0.0"]}"#, ["podCIDRs[0] Invalid"]),
    (#"{"name":"w","os":"plan9"}"#, ["os NotSupported"]),
    (#"{"name":"w","os":7}"#, ["os Invalid"]),
    (#"{"name":"w","networkMode":"bridge"}"#, ["networkMode NotSupported"]),
    (#"{"name":"w","ifRevision":7}"#, ["ifRevision Unknown"]),
  ])
  func `a register is held to its names and types`(json: String, expected: [String]) {
    #expect(causes(NodeRegisterParams.self, json) == expected)
  }

  @Test func `a node's release may be forced and fenced`() throws {
    let params = try read(
      NodeReleaseParams.self, #"{"name":"w","force":true,"ifRevision":3}"#)
    #expect(params.force)
    #expect(params.ifRevision == 3)
    #expect(try !read(NodeReleaseParams.self, #"{"name":"w"}"#).force)
    #expect(causes(NodeReleaseParams.self, #"{"force":1}"#) == ["force Invalid", "name Required"])
    #expect(causes(NodeGetParams.self, #"{"name":"w","force":true}"#) == ["force Unknown"])
  }

  @Test func `a range is named by its name or its CIDR`() throws {
    #expect(try read(RangeGetParams.self, #"{"name":"r"}"#).target == .name("r"))
    #expect(
      try read(RangeGetParams.self, #"{"cidr":"fd00::/64"}"#).target == .cidr(cidr("fd00::/64")))
  }

  @Test(arguments: [
    ("{}", ["name Required"]),
    (#"{"name":"r","cidr":"10.0.0.0/8"}"#, ["name Forbidden"]),
    (#"{"cidr":"10.0.0.1/8"}"#, ["cidr Invalid"]),
    (#"{"name":5}"#, ["name Invalid"]),
  ])
  func `a range is named once`(json: String, expected: [String]) {
    #expect(causes(RangeGetParams.self, json) == expected)
  }

  @Test func `an address is looked at as it is now`() throws {
    #expect(try read(IPGetParams.self, #"{"ip":"10.0.0.1"}"#).ip == address("10.0.0.1"))
    #expect(causes(IPGetParams.self, #"{"at":5}"#) == ["ip Required"])
    #expect(causes(IPGetParams.self, #"{"ip":"::ffff:1.2.3.4"}"#) == ["ip Invalid"])
  }

  @Test func `methods that need nothing told take a deadline only`() throws {
    #expect(try read(NoParams.self, #"{"deadline":"2026-01-02T03:04:05Z"}"#).deadline != nil)
    #expect(causes(NoParams.self, #"{"verbose":true}"#) == ["verbose Unknown"])
    #expect(try read(PageParams.self, #"{"limit":7}"#).page.limit == 7)
    #expect(causes(PageParams.self, #"{"namespace":"d"}"#) == ["namespace Unknown"])
  }

  @Test func `a line full of mistakes has a bounded number of causes`() {
    let members = (0..<5000).map { #""k\#($0)":0"# }.joined(separator: ",")
    #expect(causes(NoParams.self, "{\(members)}").count == 100)
  }
}
