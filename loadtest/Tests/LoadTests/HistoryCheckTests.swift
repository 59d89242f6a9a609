import Testing

@testable import ipledger_load

@Suite struct HistoryCheckTests {
  /// A check that has two nodes with a block of each family, and ranges for Services.
  private struct Stage {
    var check = HistoryCheck(nodes: 2, families: [], stride: nil)

    init(_ families: [String] = [], stride: Int? = nil) throws {
      check = HistoryCheck(nodes: 2, families: families, stride: stride)
      try answer(
        Request(.describeServer, 0),
        #""result":{"serviceClusterIPRanges":["10.96.0.0/16","fd00:10:96::/64"]}"#)
      for node in 0..<2 {
        try answer(
          Request(.register, node),
          #""result":{"podCIDRs":["10.244.\#(node).0/24","fd00:10:244:\#(node)::/64"]}"#)
      }
    }

    mutating func answer(_ request: Request, _ member: String) throws {
      check.asked(request)
      try Wire.received(#"{"jsonrpc":"2.0","id":1,"# + member + "}\n") { region in
        let taken = region.takeLine()
        let line = try #require(taken)
        check.answered(request, line, in: region, isError: member.hasPrefix(#""error""#))
      }
    }

    mutating func pod(_ number: Int, _ addresses: String..., again: Bool = false) throws {
      let list = addresses.map { "\"\($0)\"" }.joined(separator: ",")
      try answer(
        Request(again ? .reserveAgain : .reserve, number), #""result":{"podIPs":[\#(list)]}"#)
    }

    mutating func release(_ number: Int, _ addresses: String...) throws {
      let list = addresses.map { "\"\($0)\"" }.joined(separator: ",")
      try answer(Request(.release, number), #""result":{"released":[\#(list)]}"#)
    }
  }

  @Test func `what is in order is not accused`() throws {
    var stage = try Stage()
    try stage.pod(0, "10.244.0.2", "fd00:10:244::2")
    try stage.pod(1, "10.244.1.2", "fd00:10:244:1::2")
    try stage.pod(0, "10.244.0.2", "fd00:10:244::2", again: true)
    try stage.release(0, "10.244.0.2", "fd00:10:244::2")
    try stage.pod(2, "10.244.0.2", "fd00:10:244::2")
    try stage.answer(Request(.get, 2), #""result":{"podIPs":["10.244.0.2","fd00:10:244::2"]}"#)
    #expect(stage.check.violations == 0)
    #expect(stage.check.samples.isEmpty)
    #expect(stage.check.acknowledged == 4)
    #expect(stage.check.heldPods == [1, 2])
  }

  @Test(arguments: [
    ["10.244.0.2", "fd00:10:244::3"], ["10.244.0.3", "fd00:10:244::2"],
  ]) func `an address with two holders is accused`(addresses: [String]) throws {
    var stage = try Stage()
    try stage.pod(0, "10.244.0.2", "fd00:10:244::2")
    try stage.pod(2, addresses[0], addresses[1])
    #expect(stage.check.violations == 1)
    #expect(stage.check.samples[0].hasSuffix("was acknowledged to pod-2 while pod-0 held it"))
  }

  @Test func `an address may go to another pod from the moment its release is asked for`() throws {
    var stage = try Stage()
    try stage.pod(0, "10.244.0.2", "fd00:10:244::2")
    stage.check.asked(Request(.release, 0))
    try stage.pod(2, "10.244.0.2", "fd00:10:244::2")
    #expect(stage.check.violations == 0)
  }

  @Test(arguments: [
    ["10.244.0.2"], ["fd00:10:244::2"], [], ["10.244.0.2", "10.244.0.3"],
    ["10.244.0.2", "fd00:10:244::2", "fd00:10:244::3"], ["10.244.0.2", "fd00:10:244::x"],
  ]) func `anything but one address of each family is accused`(addresses: [String]) throws {
    var stage = try Stage()
    let list = addresses.map { "\"\($0)\"" }.joined(separator: ",")
    try stage.answer(Request(.reserve, 0), #""result":{"podIPs":[\#(list)]}"#)
    #expect(stage.check.violations == 1)
    #expect(stage.check.samples.first?.contains("not one address of each family") == true)
  }

  @Test func `one family is a whole where one was asked for`() throws {
    var stage = try Stage(["IPv6"])
    try stage.pod(0, "fd00:10:244::2")
    #expect(stage.check.violations == 0)
    try stage.pod(2, "10.244.0.3", "fd00:10:244::3")
    #expect(stage.check.violations == 1)
  }

  @Test func `an address of another node's block is accused`() throws {
    var stage = try Stage()
    try stage.pod(1, "10.244.0.2", "fd00:10:244:1::2")
    #expect(stage.check.samples == ["10.244.0.2 of pod-1 is in no block that it may be of"])
  }

  @Test func `other addresses for the same request are accused`() throws {
    var stage = try Stage()
    try stage.pod(0, "10.244.0.2", "fd00:10:244::2", again: true)
    try stage.pod(0, "10.244.0.2", "fd00:10:244::3")
    #expect(stage.check.violations == 1)
    #expect(stage.check.samples[0].hasPrefix("pod-0 was asked for again"))
  }

  @Test func `a release of other addresses than were held is accused`() throws {
    var stage = try Stage()
    try stage.pod(0, "10.244.0.2", "fd00:10:244::2")
    try stage.release(0, "10.244.0.2", "fd00:10:244::3")
    #expect(stage.check.violations == 1)
  }

  @Test func `a release without the pair that was held is accused`() throws {
    var stage = try Stage()
    try stage.pod(0, "10.244.0.2", "fd00:10:244::2")
    try stage.release(0, "10.244.0.2")
    #expect(stage.check.violations == 1)
  }

  @Test func `what was acknowledged and is not there is accused`() throws {
    var stage = try Stage()
    try stage.pod(0, "10.244.0.2", "fd00:10:244::2")
    try stage.answer(Request(.get, 0), #""error":{"code":-32001}"#)
    #expect(stage.check.samples == ["pod-0 was acknowledged, and is not there"])
  }

  @Test func `Services have far addresses, and holders of their own`() throws {
    var stage = try Stage(stride: 4)
    let addresses = #"["fd00:10:96::ffff:ffff:ffff:fffe","10.96.3.4"]"#
    try stage.answer(
      Request(.reserveService, 0), #""result":{"spec":{"clusterIPs":\#(addresses)}}"#)
    try stage.answer(
      Request(.reserveService, 1), #""result":{"spec":{"clusterIPs":\#(addresses)}}"#)
    #expect(stage.check.violations == 2)
    try stage.answer(Request(.releaseService, 1), #""result":{"released":\#(addresses)}"#)
    #expect(stage.check.violations == 2)
    #expect(stage.check.heldServices == [0])
  }

  @Test func `a successor does not take its predecessor's place before that is gone`() {
    var holdings = Holdings(stride: 6)
    for number in [3, 9] { holdings.keep(.init(number: number, ipv4: UInt64(number))) }
    #expect(holdings[3]?.ipv4 == 3)
    #expect(holdings[9]?.ipv4 == 9)
    #expect(holdings.take(3)?.ipv4 == 3)
    holdings.keep(.init(number: 15, ipv4: 15))
    #expect(holdings[3] == nil)
    #expect(holdings[9]?.ipv4 == 9)
    #expect(holdings.numbers.sorted() == [9, 15])
  }
}
