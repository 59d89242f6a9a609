import Addressing
import LineProtocol
import Testing

@Suite("PodReserveParams")
struct MethodsPodReserveTests {
  private static let least = #""node":"n","namespace":"d","name":"p""#

  @Test func `the three required members are enough`() throws {
    let line = line("{\(Self.least)}")
    let params = try PodReserveParams(
      line: line.span, object: place(in: line), limits: ProtocolLimits())
    #expect(string(params.node, in: line) == "n")
    #expect(string(params.owner.namespace, in: line) == "d")
    #expect(string(params.owner.name, in: line) == "p")
    #expect(params.owner.incarnation == nil)
    #expect(params.owner.interface == nil)
    #expect(params.owner.network == nil)
    #expect(params.families.isEmpty)
    #expect(params.ips.isEmpty)
    #expect(params.labels == nil)
    #expect(params.ifRevision == nil)
    #expect(params.deadline == nil)
  }

  @Test func `every member is read, in any order and with white space`() throws {
    let line = line(
      #"""
      { "ifRevision" : 18446744073709551615, "labels":{"b":"2","a":"1"}, "ips":["FD00::5"],
      "ipFamilies" : ["IPv6", "IPv4"],"network":"storage","interface":"net1","containerID":"3f",
      "uid":"u-1","name":"p\u0061","namespace":"d","node":"n","deadline":"2026-01-02T03:04:05Z" }
      """#)
    let params = try PodReserveParams(
      line: line.span, object: place(in: line), limits: ProtocolLimits())
    #expect(string(params.owner.name, in: line) == "pa")
    #expect(string(params.owner.uid, in: line) == "u-1")
    #expect(string(params.owner.incarnation, in: line) == "3f")
    #expect(string(params.owner.interface, in: line) == "net1")
    #expect(string(params.owner.network, in: line) == "storage")
    #expect(params.families == FamilyOrder(.ipv6, .ipv4))
    #expect(params.ips == IPPair(try address("fd00::5")))
    #expect(params.labels?.pairs(in: line.span) == ["a": "1", "b": "2"])
    #expect(params.ifRevision == .max)
    #expect(params.deadline != nil)
  }

  @Test func `the uid stands for the incarnation when there is no containerID`() throws {
    let line = line(#"{\#(Self.least),"uid":"u-1"}"#)
    let params = try PodReserveParams(
      line: line.span, object: place(in: line), limits: ProtocolLimits())
    #expect(string(params.owner.incarnation, in: line) == "u-1")
  }

  @Test func `null counts as left out everywhere`() throws {
    let line = line(
      #"""
      {\#(Self.least),"uid":null,"containerID":null,"interface":null,"network":null,"ips":null,
      "ipFamilies":null,"labels":null,"ifRevision":null,"sticky":null,"ttlSeconds":null,
      "deadline":null}
      """#)
    let params = try PodReserveParams(
      line: line.span, object: place(in: line), limits: ProtocolLimits())
    #expect(params.owner.incarnation == nil)
    #expect(params.ips.isEmpty)
    #expect(params.labels == nil)
    #expect(
      causes(PodReserveParams.self, #"{"node":null,"namespace":"d","name":"p"}"#)
        == ["node Required"])
  }

  @Test(arguments: [#""network":"default""#, #""network":"def\u0061ult""#])
  func `the default network is the same spelled out`(member: String) throws {
    let params = try read(PodReserveParams.self, "{\(Self.least),\(member)}")
    #expect(params.owner.network == nil)
  }

  @Test(arguments: [
    (#""nod":"n""#, ["nod Unknown"]),
    (#""nod":null"#, ["nod Unknown"]),
    (#""spec":{"a":[1,{"b":2}]}"#, ["spec Unknown"]),
    (#""uid":5"#, ["uid Invalid"]),
    (#""uid":"""#, ["uid Invalid"]),
    (#""containerID":["x"]"#, ["containerID Invalid"]),
    (#""interface":"a\nb""#, ["interface Invalid"]),
    (#""interface":"a\u007fb""#, ["interface Invalid"]),
    (#""interface":"a\u0085b""#, ["interface Invalid"]),
    (#""network":true"#, ["network Invalid"]),
    (#""ipFamilies":"IPv4""#, ["ipFamilies Invalid"]),
    (#""ipFamilies":["IPv4","IPv5"]"#, ["ipFamilies[1] NotSupported"]),
    (#""ipFamilies":["ipv4"]"#, ["ipFamilies[0] NotSupported"]),
    (#""ipFamilies":["IPv4","IPv4"]"#, ["ipFamilies[1] Duplicate"]),
    (#""ipFamilies":["IPv4","IPv6","IPv4"]"#, ["ipFamilies[2] Duplicate"]),
    (#""ipFamilies":[null]"#, ["ipFamilies[0] Invalid"]),
    (#""ips":"10.0.0.1""#, ["ips Invalid"]),
    (#""ips":[7]"#, ["ips[0] Invalid"]),
    (#""ips":["10.0.0.01"]"#, ["ips[0] Invalid"]),
    (#""ips":["10.0.0.1","10.0.0.2"]"#, ["ips[1] Duplicate"]),
    (#""ips":["10.0.0.1","fd00::1","fd00::2"]"#, ["ips[2] Duplicate"]),
    (#""ipFamilies":["IPv6"],"ips":["fd00::1","10.0.0.1"]"#, ["ips[1] Invalid"]),
    (#""labels":[]"#, ["labels Invalid"]),
    (#""labels":{"a":1,"b":"2"}"#, ["labels.a Invalid"]),
    (#""labels":{"":"x"}"#, ["labels. Invalid"]),
    (#""ifRevision":-1"#, ["ifRevision Invalid"]),
    (#""ifRevision":1.5"#, ["ifRevision Invalid"]),
    (#""ifRevision":1e3"#, ["ifRevision Invalid"]),
    (#""ifRevision":18446744073709551616"#, ["ifRevision Invalid"]),
    (#""ifRevision":"1""#, ["ifRevision Invalid"]),
    (#""ttlSeconds":30"#, []),
    (#""ttlSeconds":0"#, ["ttlSeconds Invalid"]),
    (#""ttlSeconds":315360001"#, ["ttlSeconds Invalid"]),
    (#""ttlSeconds":1.5"#, ["ttlSeconds Invalid"]),
    (#""sticky":true"#, []),
    (#""sticky":false"#, []),
    (#""sticky":1"#, ["sticky Invalid"]),
    (#""deadline":"tomorrow""#, ["deadline Invalid"]),
    (#""deadline":1767323045"#, ["deadline Invalid"]),
  ])
  func `what is wrong is found at its path`(member: String, expected: [String]) {
    #expect(causes(PodReserveParams.self, "{\(Self.least),\(member)}") == expected)
  }

  @Test func `every finding is reported at once`() {
    let json = #"""
      {"namespace":7,"nam":"x","name":"","ipFamilies":["IPv4","IPv4"],"ips":["1.2.3"],"ttlSeconds":0}
      """#
    #expect(
      causes(PodReserveParams.self, json) == [
        "namespace Invalid", "nam Unknown", "name Invalid", "ipFamilies[1] Duplicate",
        "ips[0] Invalid", "ttlSeconds Invalid", "node Required",
      ])
  }

  @Test func `nothing at all lacks all that is required`() {
    let expected = ["node Required", "namespace Required", "name Required"]
    #expect(causes(PodReserveParams.self, "{}") == expected)
    do throws(ErrorReply) {
      _ = try PodReserveParams(line: [UInt8]().span, object: nil, limits: ProtocolLimits())
      Issue.record("params are required")
    } catch {
      #expect(error.causes.map(\.field) == ["node", "namespace", "name"])
    }
  }

  @Test(arguments: ["node", "namespace", "name", "uid", "containerID", "interface", "network"])
  func `a name has at most as many bytes as the limit`(member: String) {
    var members = ["node": "n", "namespace": "d", "name": "p"]
    func json(_ value: String) -> String {
      members[member] = value
      return "{" + members.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",") + "}"
    }
    let most = String(repeating: "x", count: 251) + "é"
    #expect(causes(PodReserveParams.self, json(most)) == [])
    #expect(causes(PodReserveParams.self, json(most + "x")) == ["\(member) TooLong"])
    let escaped = String(repeating: #"\u0061"#, count: 253)
    #expect(causes(PodReserveParams.self, json(escaped)) == [])
    #expect(causes(PodReserveParams.self, json(escaped + "x")) == ["\(member) TooLong"])
  }

  @Test func `labels are at most 16 of at most 253 bytes a side`() {
    func json(_ labels: [String]) -> String {
      #"{\#(Self.least),"labels":{\#(labels.joined(separator: ","))}}"#
    }
    let sixteen = (1...16).map { #""k\#($0)":"""# }
    #expect(causes(PodReserveParams.self, json(sixteen)) == [])
    #expect(causes(PodReserveParams.self, json(sixteen + [#""more":null"#])) == [])
    #expect(
      causes(PodReserveParams.self, json(sixteen + [#""more":"""#])) == ["labels TooLong"])
    let long = String(repeating: "x", count: 253)
    #expect(causes(PodReserveParams.self, json([#""\#(long)":"\#(long)""#])) == [])
    #expect(
      causes(PodReserveParams.self, json([#""k":"\#(long)x""#])) == ["labels.k TooLong"])
  }

  @Test func `equal labels are equal bytes, however they were sent`() throws {
    let first = line(#"{\#(Self.least),"labels":{"b":"\"2","a":"1","c":null}}"#)
    let second = line(#"{\#(Self.least),"labels":{ "\u0061" : "1" , "b" : "\u00222" }}"#)
    var bytes: [[UInt8]] = []
    for line in [first, second] {
      let params = try PodReserveParams(
        line: line.span, object: place(in: line), limits: ProtocolLimits())
      let labels = try #require(params.labels)
      #expect(labels.count == 2)
      var canonical: [UInt8] = []
      labels.appendCanonical(to: &canonical, from: line.span)
      bytes.append(canonical)
    }
    #expect(String(decoding: bytes[0], as: UTF8.self) == #"{"a":"1","b":"\"2"}"#)
    #expect(bytes[0] == bytes[1])
  }
}
