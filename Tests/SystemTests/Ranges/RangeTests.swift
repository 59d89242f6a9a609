import FaultKit
import Testing

/// What the ranges say about themselves (semantics §8).
@Suite(.ownThreads) struct RangeTests {
  /// One row of the tables of §8.3: both families of one daemon.
  struct Row: Sendable, CustomStringConvertible {
    let four: Band
    let six: Band

    var description: String { "\(four.cidr) and \(six.cidr)" }
  }

  /// A range with its capacity, and the first and last addresses of its bands.
  struct Band: Sendable {
    let cidr: String
    let capacity: String
    var staticBand: [String]?
    var dynamicBand: [String]?

    init(_ cidr: String, _ capacity: String, _ staticBand: [String]?, _ dynamicBand: [String]?) {
      self.cidr = cidr
      self.capacity = capacity
      self.staticBand = staticBand
      self.dynamicBand = dynamicBand
    }

    static func four(
      _ length: Int, _ capacity: String, _ staticLast: String?, _ first: String, _ last: String
    ) -> Band {
      Band(
        "10.96.0.0/\(length)", capacity, staticLast.map { ["10.96.0.1", $0] }, [first, last])
    }

    static func six(
      _ length: Int, _ capacity: String, _ staticLast: String?, _ first: String, _ last: String
    ) -> Band {
      let base = "fd00:10:96::"
      return Band(
        "\(base)/\(length)", capacity, staticLast.map { [base + "1", base + $0] },
        [base + first, base + last])
    }
  }

  private static let rows: [Row] = [
    Row(
      four: .four(30, "2", nil, "10.96.0.1", "10.96.0.2"), six: .six(126, "3", nil, "1", "3")),
    Row(
      four: .four(28, "14", nil, "10.96.0.1", "10.96.0.14"),
      six: .six(124, "15", nil, "1", "f")),
    Row(
      four: .four(27, "30", "10.96.0.16", "10.96.0.17", "10.96.0.30"),
      six: .six(123, "31", "10", "11", "1f")),
    Row(
      four: .four(24, "254", "10.96.0.16", "10.96.0.17", "10.96.0.254"),
      six: .six(120, "255", "10", "11", "ff")),
    Row(
      four: .four(23, "510", "10.96.0.32", "10.96.0.33", "10.96.1.254"),
      six: .six(118, "1023", "40", "41", "3ff")),
    Row(
      four: .four(20, "4094", "10.96.1.0", "10.96.1.1", "10.96.15.254"),
      six: .six(112, "65535", "100", "101", "ffff")),
    Row(
      four: .four(16, "65534", "10.96.1.0", "10.96.1.1", "10.96.255.254"),
      six: .six(108, "1048575", "100", "101", "f:ffff")),
    Row(
      four: .four(12, "1048574", "10.96.1.0", "10.96.1.1", "10.111.255.254"),
      six: Band(
        "fd00:10:96::/64", "18446744073709551615", ["fd00:10:96::1", "fd00:10:96::100"],
        ["fd00:10:96::101", "fd00:10:96:0:ffff:ffff:ffff:ffff"])),
  ]

  @Test(arguments: rows)
  func `capacity and bands follow the tables`(row: Row) throws {
    let client = try DaemonProcess.start(
      DaemonSetup(serviceRange: "\(row.four.cidr),\(row.six.cidr)")
    ).client()
    for band in [row.four, row.six] {
      let range = try client.request("range.get", ["cidr": .string(band.cidr)])
      #expect(range.result?["capacity"]?.text == band.capacity, "\(range)")
      #expect(range.result?["free"]?.text == band.capacity, "\(range)")
      #expect(Self.ends(range.result?["staticBand"]) == band.staticBand, "\(range)")
      #expect(Self.ends(range.result?["dynamicBand"]) == band.dynamicBand, "\(range)")
    }
    let dual: JSON = [
      "namespace": "d", "name": "s", "spec": ["ipFamilyPolicy": "RequireDualStack"],
    ]
    let made = try client.request("service.reserve", dual)
    let addresses = made.result?["spec"]?["clusterIPs"]?.strings ?? []
    #expect(addresses.count == 2, "\(made)")
    for (address, band) in zip(addresses, [row.four, row.six]) {
      #expect(AddressText.isInside(address, band.cidr), "\(made)")
      let first = band.dynamicBand?[0] ?? ""
      #expect(!AddressText.isBefore(address, first), "\(address) is in the static band")
    }
  }

  private static func ends(_ band: JSON?) -> [String]? {
    guard let first = band?["first"]?.text, let last = band?["last"]?.text else { return nil }
    return [first, last]
  }

  @Test func `ranges too small for any address have none`() throws {
    for pair in ["10.96.0.0/31,fd00:10:96::/128", "10.96.0.0/32,fd00:10:96::/127"] {
      let client = try DaemonProcess.start(DaemonSetup(serviceRange: pair)).client()
      let made = try client.request(
        "service.reserve", ["namespace": "d", "name": "s", "spec": [:]])
      #expect(made.reason == "Exhausted" && made.data?["capacity"] == "0", "\(made)")
      let cidr = pair.split(separator: ",").first.map { String($0) } ?? ""
      let four = try client.request("range.get", ["cidr": .string(cidr)])
      #expect(four.result?["capacity"] == "0" && four.result?["free"] == "0", "\(four)")
      #expect(four.result?["staticBand"] == nil, "\(four)")
    }
  }

  @Test func `counts are strings and follow what is held`() throws {
    let client = try DaemonProcess.start().client()
    for number in 0..<5 {
      let spec: JSON = number < 2 ? ["clusterIP": "10.96.0.\(number + 5)"] : [:]
      _ = try client.request(
        "service.reserve", ["namespace": "d", "name": "s\(number)", "spec": spec])
    }
    let range = try client.request("range.get", ["cidr": "10.96.0.0/16"])
    #expect(range.result?["reserved"] == "5" && range.result?["free"] == "65529", "\(range)")
    #expect(range.result?["staticBand"]?["reserved"] == "2", "\(range)")
    #expect(range.result?["dynamicBand"]?["reserved"] == "3", "\(range)")
    _ = try client.request("service.release", ["namespace": "d", "name": "s0"])
    let after = try client.request("range.get", ["cidr": "10.96.0.0/16"])
    #expect(after.result?["reserved"] == "4" && after.result?["quarantined"] == "0", "\(after)")
    #expect(after.result?["staticBand"]?["reserved"] == "1", "\(after)")
  }

  @Test func `a node's block is counted in addresses and the cluster's in blocks`() throws {
    let bench = try PodBench(.dual, nodes: ["w": [], "small": ["10.244.9.0/28"]])
    for name in ["a", "b", "c"] { _ = try bench.reserve(name) }
    try bench.release("b")
    let block = try bench.client.request("range.get", ["cidr": "10.244.0.0/24"])
    let counts = ["capacity", "reserved", "free", "excluded", "quarantined"]
    #expect(counts.map { block.result?[$0]?.text } == ["253", "2", "250", "0", "1"], "\(block)")
    #expect(block.result?["node"] == "w" && block.result?["unit"] == "address")
    #expect(block.result?["purpose"] == "pod" && block.result?["family"] == "IPv4")
    let six = try bench.client.request("range.get", ["cidr": "fd00:10:244::/64"])
    #expect(six.result?["capacity"] == "18446744073709551614", "\(six)")
    #expect(
      counts.dropFirst().map { six.result?[$0]?.text } == ["2", "18446744073709551611", "0", "1"],
      "\(six)")
    let small = try bench.client.request("range.get", ["cidr": "10.244.9.0/28"])
    #expect(small.result?["capacity"] == "13" && small.result?["node"] == "small", "\(small)")
    let cluster = try bench.client.request("range.get", ["cidr": "10.244.0.0/16"])
    #expect(cluster.result?["unit"] == "block" && cluster.result?["capacity"] == "256")
    #expect(cluster.result?["reserved"] == "2" && cluster.result?["free"] == "254", "\(cluster)")
    let missing = try bench.client.request("range.get", ["cidr": "10.244.1.0/24"])
    #expect(missing.code == -32004, "no node has it: \(missing)")
  }

  @Test func `all ranges are listed, and each is found by its name`() throws {
    let client = try DaemonProcess.start().client()
    let items = try client.all("range.list", limit: 1)
    let cidrs = Set(items.compactMap { $0["cidr"]?.text })
    #expect(
      cidrs == ["10.96.0.0/16", "fd00:10:96::/108", "10.244.0.0/16", "fd00:10:244::/56"])
    #expect(items.count == 4)
    let names = items.compactMap { $0["name"]?.text }
    #expect(Set(names).count == 4, "names are unique: \(names)")
    for item in items {
      let one = try client.request("range.get", ["name": item["name"] ?? .null])
      #expect(one.result == item.with("revision", one.result?["revision"]), "\(one)")
    }
    let both = try client.request("range.get", ["name": "x", "cidr": "10.96.0.0/16"])
    #expect(both.causes == ["name Forbidden"], "\(both)")
  }
}
