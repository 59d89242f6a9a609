import Addressing
import Foundation
import LineProtocol
import Testing

@Suite("Results and their schemas")
struct MethodsResultSchemaTests {
  private static let check = SchemaCheck(
    components: OpenRPC.value(version: "1", limits: ProtocolLimits())["components"]?["schemas"]
      ?? [:])

  /// What `result` writes, held against its schema.
  private func findings<Result: MethodResult>(_ result: Result) throws -> [String] {
    var writer = JSONWriter()
    result.append(to: &writer)
    let object = try JSONSerialization.jsonObject(with: Data(writer.bytes))
    return Self.check.findings(try value(object), Result.schema)
  }

  private func value(_ object: Any) throws -> JSONValue {
    switch object {
    case let text as String: .string(text)
    case let items as [Any]: .array(try items.map { try value($0) })
    case let members as [String: Any]:
      .object(try members.map { JSONValue.Member($0.key, try value($0.value)) })
    case let flag as NSNumber where String(cString: flag.objCType) == "c": .bool(flag.boolValue)
    case let number as NSNumber: .int(number.int64Value)
    default: .null
    }
  }

  private func pod() throws -> PodItem {
    PodItem(
      node: "w", namespace: "d", name: "p", uid: "u", containerID: "c", interface: "eth0",
      network: "default", podIPs: IPPair(try address("10.244.0.2"), try address("fd00::2")),
      labels: ["a": "1"], reservedAt: 0, expiresAt: 1, revision: 5)
  }

  @Test func `pods`() throws {
    #expect(try findings(try pod()) == [])
    #expect(
      try findings(ItemPage(items: [try pod()], continue: "t", revision: 6)) == [])
    #expect(
      try findings(PodReleaseResult(released: IPPair(try address("::1")), revision: 1)) == [])
    #expect(try findings(ReleaseResult(released: [try address("::1")], revision: 1)) == [])
  }

  @Test func `services`() throws {
    var spec = ServiceSpecFields()
    spec.type = "ClusterIP"
    spec.selector = ["a": "b"]
    spec.clusterIP = "None"
    spec.clusterIPs = ["None"]
    spec.ipFamilies = ["IPv4"]
    spec.ipFamilyPolicy = "SingleStack"
    let result = ServiceResult(
      namespace: "d", name: "s", spec: spec, existing: false, released: nil, revision: 1)
    #expect(try findings(result) == [])
    let item = ServiceItem(
      namespace: "d", name: "s", uid: "u", spec: spec, reservedAt: 0, revision: 1)
    #expect(try findings(item) == [])
  }

  @Test func `nodes`() throws {
    let node = NodeFields(
      name: "w", podCIDRs: [try cidr("10.244.0.0/24")], nodeIPs: [try address("192.0.2.1")],
      os: .windows, networkMode: .overlay)
    #expect(try findings(NodeRegisterResult(node: node, existing: true, revision: 1)) == [])
    #expect(try findings(NodeItem(node: node, reservedAt: 0, revision: 1)) == [])
    let release = NodeReleaseResult(
      released: node.podCIDRs, releasedPods: [try pod()], revision: 1)
    #expect(try findings(release) == [])
  }

  @Test func `ranges and addresses`() throws {
    let range = try cidr("fd00::/64")
    let band = RangeItem.Band(first: range.base, last: range.last, reserved: 0)
    let counts = RangeItem.Counts(
      capacity: 1, reserved: 0, free: 1, excluded: 0, quarantined: 0)
    for purpose in RangeItem.Purpose.allCases {
      let item = RangeItem(
        name: "r", purpose: purpose, cidr: range, unit: .block, counts: counts,
        staticBand: band, dynamicBand: band, node: "w", state: .draining, revision: 1)
      #expect(try findings(item) == [])
    }
    for state in IPStateResult.State.allCases {
      let answer = IPStateResult(
        ip: range.base, state: state, range: range, since: 0, isKept: true, revision: 1)
      #expect(try findings(answer) == [])
    }
  }

  @Test func `the server`() throws {
    #expect(try findings(PingResult()) == [])
    #expect(
      try findings(ServerHealthResult(live: true, ready: false, ledger: .readOnly, revision: 1))
        == [])
    let info = ServerInfoResult(
      version: "1", serviceClusterIPRanges: [try cidr("fd00::/108")], clusterCIDRs: [],
      nodeCIDRMaskSizeIPv4: 24, nodeCIDRMaskSizeIPv6: nil, limits: ProtocolLimits(),
      role: .reader, revision: 1, uptimeSeconds: 0)
    #expect(try findings(info) == [])
  }

  @Test func `statistics, with and without anything measured`() throws {
    let quantiles = ServerStatsResult.Quantiles(p50: 1, p90: 2, p99: 3, max: 4)
    for quantiles in [nil, quantiles] {
      let stats = ServerStatsResult(
        uptimeSeconds: 1,
        connections: ServerStatsResult.Connections(open: 1, total: 2, paused: 0, held: 0),
        requests: [ServerStatsResult.MethodCount(method: .podReserve, count: 5, errors: 1)],
        latency: quantiles,
        commits: ServerStatsResult.Commits(
          count: quantiles == nil ? 0 : 3, records: 7, failures: 0, fsync: quantiles),
        ledger: ServerStatsResult.Ledger(revision: 1, bytes: 4096, walBytes: 0),
        objects: ServerStatsResult.Objects(pods: 1, services: 2, nodes: 3))
      #expect(try findings(stats) == [])
    }
  }

  @Test func `an average is written to a tenth`() {
    let commits = ServerStatsResult.Commits(count: 3, records: 7, failures: 0, fsync: nil)
    let stats = ServerStatsResult(
      uptimeSeconds: 1,
      connections: ServerStatsResult.Connections(open: 1, total: 2, paused: 0, held: 0),
      requests: [], latency: nil, commits: commits,
      ledger: ServerStatsResult.Ledger(revision: 1, bytes: 4096, walBytes: 0),
      objects: ServerStatsResult.Objects(pods: 1, services: 2, nodes: 3))
    var writer = JSONWriter()
    stats.append(to: &writer)
    let text = String(decoding: writer.bytes, as: UTF8.self)
    #expect(text.contains(#""meanRecords":2.3,"#) || text.contains(#""meanRecords":2.3}"#))
  }
}
