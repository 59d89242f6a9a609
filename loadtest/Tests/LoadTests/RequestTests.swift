import Foundation
import Testing

@testable import ipledger_load

@Suite struct RequestTests {
  private static let writer = RequestWriter(nodes: 300, run: 0xABC, containerIDLength: 20)

  static let requests: [(Request, String)] = [
    (
      Request(.register, 299),
      #"{"jsonrpc":"2.0","id":63,"method":"node.register","params":{"name":"load-299"}}"#
    ),
    (
      Request(.reserve, 75_899),
      #"{"jsonrpc":"2.0","id":63,"method":"pod.reserve","params":{"node":"load-299","#
        + #""namespace":"load","name":"pod-75899","containerID":"abc0000000000001287b"}}"#
    ),
    (
      Request(.release, 0),
      #"{"jsonrpc":"2.0","id":63,"method":"pod.release","params":{"#
        + #""namespace":"load","name":"pod-0","containerID":"abc00000000000000000"}}"#
    ),
    (
      Request(.reserveService, 7),
      #"{"jsonrpc":"2.0","id":63,"method":"service.reserve","params":{"namespace":"load","#
        + #""name":"sabc-7","spec":{"type":"ClusterIP","ipFamilyPolicy":"PreferDualStack"}}}"#
    ),
    (
      Request(.releaseService, 7),
      #"{"jsonrpc":"2.0","id":63,"method":"service.release","params":{"#
        + #""namespace":"load","name":"sabc-7"}}"#
    ),
  ]

  @Test(arguments: requests) func `a request is one line of JSON`(
    request: Request, line: String
  ) throws {
    #expect(try Wire.text { Self.writer.write(request, id: 63, to: &$0) } == line + "\n")
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
  }

  @Test func `a pod of one family asks for it`() throws {
    let writer = RequestWriter(nodes: 1, run: 1, containerIDLength: 16, families: ["IPv6"])
    let line = try Wire.text { writer.write(Request(.reserve, 0), id: 0, to: &$0) }
    #expect(line.contains(#""node":"load-0","ipFamilies":["IPv6"],"namespace":"load""#))
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
  }

  @Test(arguments: [0, 9, 10, 99, 100, 1_000_000, Int.max >> 4]) func `decimals are exact`(
    value: Int
  ) throws {
    #expect(try Wire.text { $0.append(decimal: value) } == String(value))
  }

  @Test(arguments: [
    (#"{"jsonrpc":"2.0","id":17,"result":{}}"#, 17, false),
    (#"{"id":4,"jsonrpc":"2.0","result":{}}"#, 4, false),
    (#"{"jsonrpc":"2.0","result":{"revision":5},"id":0}"#, 0, false),
    (#"{"jsonrpc":"2.0","id":3,"error":{"code":1}}"#, 3, true),
    (#"{"error":{"code":1},"id":3}"#, 3, true),
    (#"{"jsonrpc":"2.0","id":null,"error":{}}"#, nil, true),
    ("", nil, true),
  ]) func `an answer is found by its id`(line: String, slot: Int?, isError: Bool) throws {
    try Wire.received(line + "\n") { region in
      let taken = region.takeLine()
      let range = try #require(taken)
      let answer = Answer(range, in: region)
      #expect(answer.slot == slot)
      #expect(answer.isError == isError)
    }
  }

  @Test(arguments: [
    (
      #"{"error":{"data":{"reason":"Exhausted","causes":[{"reason":"Other"}]}},"id":1}"#,
      "Exhausted"
    ),
    (#"{"error":{"code":1},"id":1}"#, "unnamed"),
  ]) func `an error is counted by its reason`(line: String, reason: String) throws {
    try Wire.received(line + "\n") { region in
      let taken = region.takeLine()
      let range = try #require(taken)
      let found = Answer.reason(range, in: region)
      #expect(found == reason)
    }
  }

  @Test func `a line that is longer than the region is taken whole`() throws {
    let (left, right) = try Wire.pair()
    defer { for end in [left, right] { close(end) } }
    var region = ByteRegion(capacity: 64)
    let long = String(repeating: "x", count: 5_000)
    let bytes = Array((long + "\nshort\n").utf8)
    #expect(write(left, bytes, bytes.count) == bytes.count)
    var lines: [String] = []
    while lines.count < 2 {
      let count = region.receive(from: right)
      try #require(count > 0)
      while let line = region.takeLine() { lines.append(region.text(line)) }
    }
    #expect(lines == [long, "short"])
  }

  @Test func `lines that come in pieces are put together`() throws {
    let (left, right) = try Wire.pair()
    defer { for end in [left, right] { close(end) } }
    var region = ByteRegion(capacity: 64)
    var lines: [String] = []
    let sent = (0..<50).map { "line number \($0)\n" }.joined()
    for piece in stride(from: 0, to: sent.utf8.count, by: 7) {
      let bytes = Array(Array(sent.utf8)[piece...].prefix(7))
      #expect(write(left, bytes, bytes.count) == bytes.count)
      let count = region.receive(from: right)
      #expect(count == bytes.count)
      while let line = region.takeLine() { lines.append(region.text(line)) }
    }
    #expect(lines == (0..<50).map { "line number \($0)" })
  }
}
