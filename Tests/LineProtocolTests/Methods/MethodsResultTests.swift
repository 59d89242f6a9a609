import Addressing
import LineProtocol
import Testing

@Suite("Results")
struct MethodsResultTests {
  private func answer(_ write: (inout JSONWriter) throws -> Void) rethrows -> String {
    var writer = JSONWriter()
    try write(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private func result(_ result: some MethodResult) -> String {
    answer { result.append(to: &$0) }
  }

  @Test func `a pod's reservation is one line`() throws {
    let result = PodReserveResult(
      first: PodAddress(
        ip: try address("10.244.0.2"), prefixLength: 24, gateway: try address("10.244.0.1")),
      second: PodAddress(
        ip: try address("fd00:10:244::2"), prefixLength: 64,
        gateway: try address("fd00:10:244::1")),
      existing: false, revision: 42)
    let line = answer {
      result.appendAnswer(to: &$0, id: .int(1), node: Array(#"wörker "1""#.utf8).span)
    }
    #expect(
      line == #"""
        {"jsonrpc":"2.0","id":1,"result":{"podIP":"10.244.0.2",\#
        "podIPs":["10.244.0.2","fd00:10:244::2"],"prefixLengths":[24,64],\#
        "gateways":["10.244.0.1","fd00:10:244::1"],"node":"wörker \"1\"","existing":false,\#
        "revision":42}}
        """#)
  }

  @Test func `a reservation without a gateway has no such member`() throws {
    let result = PodReserveResult(
      first: PodAddress(ip: try address("10.244.0.1"), prefixLength: 24, gateway: nil),
      second: nil, existing: true, revision: .max)
    let json = answer { result.append(to: &$0, node: Array("w".utf8).span) }
    #expect(
      json == #"""
        {"podIP":"10.244.0.1","podIPs":["10.244.0.1"],"prefixLengths":[24],"node":"w",\#
        "existing":true,"revision":18446744073709551615}
        """#)
  }

  @Test func `a release names what was held`() throws {
    let pair = IPPair(try address("10.244.0.2"), try address("fd00::2"))
    let line = answer {
      PodReleaseResult(released: pair, revision: 43).appendAnswer(to: &$0, id: .null)
    }
    #expect(
      line == #"""
        {"jsonrpc":"2.0","id":null,"result":{"released":["10.244.0.2","fd00::2"],"revision":43}}
        """#)
    #expect(
      result(PodReleaseResult(released: IPPair(), revision: 43))
        == #"{"released":[],"revision":43}"#)
    #expect(
      result(ReleaseResult(released: [try address("10.0.0.1")], revision: 1))
        == #"{"released":["10.0.0.1"],"revision":1}"#)
  }

  @Test func `a pod's item leaves out what has no value`() throws {
    let item = PodItem(
      node: "w", namespace: "d", name: "p", uid: nil, containerID: "c", interface: "eth0",
      network: "default", podIPs: IPPair(try address("fd00::2")), labels: [:],
      reservedAt: 1_767_323_045_678, expiresAt: nil, revision: 5)
    #expect(
      result(ItemPage(items: [item], continue: nil, revision: 6)) == #"""
        {"items":[{"node":"w","namespace":"d","name":"p","containerID":"c","interface":"eth0",\#
        "network":"default","podIP":"fd00::2","podIPs":["fd00::2"],"ipFamilies":["IPv6"],\#
        "reservedAt":"2026-01-02T03:04:05.678Z","revision":5}],"revision":6}
        """#)
    #expect(
      result(ItemPage<PodItem>(items: [], continue: "t", revision: 6))
        == #"{"items":[],"continue":"t","revision":6}"#)
  }

  @Test func `a Service answers the fields that have a value`() throws {
    var spec = ServiceSpecFields()
    spec.type = "ClusterIP"
    spec.selector = ["b": "2", "a": "1"]
    spec.clusterIP = "10.96.0.10"
    spec.clusterIPs = ["10.96.0.10"]
    spec.externalName = ""
    spec.ipFamilies = []
    let answer = ServiceResult(
      namespace: "d", name: "s", spec: spec, existing: true, released: [], revision: 9)
    #expect(
      result(answer) == #"""
        {"namespace":"d","name":"s","spec":{"type":"ClusterIP","selector":{"a":"1","b":"2"},\#
        "clusterIP":"10.96.0.10","clusterIPs":["10.96.0.10"]},"existing":true,"released":[],\#
        "revision":9}
        """#)
  }

  @Test func `a range's counts are strings`() throws {
    let range = try cidr("10.96.0.0/16")
    let band = RangeItem.Band(
      first: range.address(at: 1), last: range.address(at: 256), reserved: 1)
    let item = RangeItem(
      name: "r", purpose: .service, cidr: range, unit: .address,
      counts: RangeItem.Counts(
        capacity: .max, reserved: 1, free: .max - 1, excluded: 0, quarantined: 0),
      staticBand: band)
    #expect(
      result(item) == #"""
        {"name":"r","purpose":"service","family":"IPv4","cidr":"10.96.0.0/16","unit":"address",\#
        "capacity":"340282366920938463463374607431768211455","reserved":"1",\#
        "free":"340282366920938463463374607431768211454","excluded":"0","quarantined":"0",\#
        "staticBand":{"first":"10.96.0.1","last":"10.96.1.0","reserved":"1"},"state":"Active"}
        """#)
  }
}
