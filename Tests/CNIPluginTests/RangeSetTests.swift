import Addressing
import Testing

@testable import CNIPlugin

@Suite struct RangeSetTests {
  private static func config(_ ipam: String, _ more: String = "") throws -> NetworkConfig {
    try NetworkConfig(Array("{\"name\":\"n\",\"ipam\":{\(ipam)}\(more)}".utf8))
  }

  @Test func `a set is a family's, and its order is the configuration's`() throws {
    let sets = try RangeSet.sets(
      of: Self.config(
        #""ranges":[[{"subnet":"FD00::/64"}],[{"subnet":"10.1.0.0/24"},{"subnet":"10.2.0.0/24"}]]"#)
    )
    #expect(sets.map(\.family) == [.ipv6, .ipv4])
    #expect(sets[1].contains(try #require(IPAddress("10.2.0.9"))))
    #expect(!sets[1].contains(try #require(IPAddress("10.3.0.9"))))
  }

  @Test func `old keys and the runtime's ranges count too`() throws {
    let sets = try RangeSet.sets(
      of: Self.config(
        #""SUBNET":"10.1.0.0/24","rangestart":"10.1.0.8","RangeEnd":"10.1.0.9""#,
        #","runtimeConfig":{"ipRanges":[[{"subnet":"fd00::/64","gateway":"fd00::7"}]]}"#))
    #expect(sets.map(\.family) == [.ipv6, .ipv4])
    for (text, isIn) in [
      ("fd00::6", true), ("fd00::7", false), ("10.1.0.7", false), ("10.1.0.8", true),
      ("10.1.0.9", true), ("10.1.0.10", false),
    ] {
      let address = try #require(IPAddress(text))
      #expect(sets.contains { $0.contains(address) } == isIn, "\(text)")
    }
  }

  @Test(arguments: [
    (#""ranges":"x""#, "ipam.ranges must be a list"), (#""ranges":[[]]"#, "invalid range set 0"),
    (#""ranges":[{}]"#, "invalid range set 0"), (#""ranges":[[{}]]"#, "subnet is missing"),
    (#""subnet":"10.1.0.1/24""#, "ipam.subnet '10.1.0.1/24' is no CIDR"),
    (#""ranges":[[{"subnet":"10.0.0.0/8"},{"subnet":"fd00::/64"}]]"#, "mixed address families"),
    (#""ranges":[[{"subnet":"10.0.0.0/8"}],[{"subnet":"11.0.0.0/8"}]]"#, "two range sets are IPv4"),
    (#""subnet":"10.1.2.0/24","rangeStart":"10.1.3.1""#, "10.1.3.1 not in network 10.1.2.0/24"),
    (#""subnet":"10.1.2.0/24","gateway":"x""#, "ipam.gateway 'x' is no IP address"),
    (#""subnet":"10.1.2.0/24","rangeStart":"10.1.2.9","rangeEnd":"10.1.2.8""#, "ipam.rangeEnd"),
  ])
  func `ranges that cannot be meant are named`(ipam: String, message: String) throws {
    let config = try Self.config(ipam)
    let error = #expect(throws: PluginError.self) { try RangeSet.sets(of: config) }
    #expect(error?.code == .invalidConfig)
    #expect(error?.message.contains(message) == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    ("IP=10.0.0.5", #""#, ["10.0.0.5"]),
    ("", #","runtimeConfig":{"ips":["10.0.0.5/24","2001:DB8::5"]}"#, ["10.0.0.5", "2001:db8::5"]),
    ("", #","args":{"cni":{"ips":["::ffff:10.0.0.5"]}}"#, ["10.0.0.5"]),
    ("IP=10.0.0.5/8,fd00::1", #","runtimeConfig":{"ips":["10.0.0.5"]}"#, ["10.0.0.5", "fd00::1"]),
    ("", #","args":{"labels":[1]},"runtimeConfig":{"ips":null}"#, []),
  ])
  func `addresses are asked for in three ways, which are merged`(
    arguments: String, more: String, expected: [String]
  ) throws {
    let requested = try RequestedAddresses(Self.config("", more), Arguments(arguments))
    #expect(requested.addresses.map(\.description) == expected)
  }

  @Test(arguments: [
    ("IP=banana", "", PluginError.Code.invalidEnvironment),
    ("", #","runtimeConfig":{"ips":["10.0.0.256"]}"#, .invalidConfig),
    ("", #","runtimeConfig":{"ips":["10.0.0.1/x"]}"#, .invalidConfig),
    ("", #","runtimeConfig":{"ips":[7]}"#, .invalidConfig),
    ("IP=10.0.0.1", #","runtimeConfig":{"ips":["10.0.0.2"]}"#, .invalidConfig),
  ])
  func `addresses that cannot be given are refused`(
    arguments: String, more: String, code: PluginError.Code
  ) throws {
    let config = try Self.config("", more)
    let error = #expect(throws: PluginError.self) {
      try RequestedAddresses(config, Arguments(arguments))
    }
    #expect(error?.code == code)
  }
}
