import FaultKit
import Testing

/// JSON-RPC: ids, notifications, batches, and requests that are none.
@Suite(.ownThreads) struct RequestTests {
  private static func nested(_ depth: Int) -> String {
    // The request, its params, the spec and its ports are the first four levels.
    let inside = depth - 4
    return #"{"id":1,"method":"service.reserve","params":{"namespace":"d","name":"s","spec":"#
      + #"{"ports":["# + String(repeating: "[", count: inside)
      + String(repeating: "]", count: inside) + "]}}}"
  }

  @Test func `an id comes back as it was sent`() throws {
    let client = try DaemonProcess.start().client()
    for id in [
      "0", "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "null",
      "\"\"", #""a""#, #""ü😀\n\"\\""#, #""18446744073709551616""#,
    ] {
      let answer = try client.exchange(#"{"jsonrpc":"2.0","id":\#(id),"method":"server.ping"}"#)
      #expect(answer.id == JSON(parsing: id), "\(id): \(answer)")
      #expect(answer.result == [:], "\(answer)")
      #expect(answer.json["jsonrpc"] == "2.0")
    }
    let escaped = try client.exchange(#"{"id":"\u0041\ud83d\ude00","method":"server.ping"}"#)
    #expect(escaped.id == "A😀", "\(escaped)")
  }

  @Test func `what is no request is answered as far as its id is one`() throws {
    let client = try DaemonProcess.start().client()
    let rows: [(String, JSON)] = [
      (#"{"id":1.5,"method":"server.ping"}"#, nil),
      (#"{"id":18446744073709551616,"method":"server.ping"}"#, nil),
      (#"{"id":-9223372036854775809,"method":"server.ping"}"#, nil),
      (#"{"id":true,"method":"server.ping"}"#, nil),
      (#"{"id":{},"method":"server.ping"}"#, nil),
      (#"{"id":[1],"method":"server.ping"}"#, nil),
      (#"{"id":7}"#, 7), (#"{"id":7,"method":null}"#, 7), (#"{"id":7,"method":5}"#, 7),
      (#"{"id":7,"jsonrpc":"1.0","method":"server.ping"}"#, 7),
      (#"{"id":7,"jsonrpc":2.0,"method":"server.ping"}"#, 7),
      (#"{"id":7,"method":"server.ping","extra":1}"#, 7),
      (#"{"id":"x","method":"server.ping","Params":{}}"#, "x"),
      (#"{"method":5}"#, nil), (#"{"jsonrpc":"1.0","method":"server.ping"}"#, nil),
      ("{}", nil), ("1", nil), (#""server.ping""#, nil), ("null", nil), ("true", nil),
    ]
    for (line, id) in rows {
      let answer = try client.exchange(line)
      #expect(answer.code == -32600 && answer.reason == "InvalidRequest", "\(line): \(answer)")
      #expect(answer.id == id, "\(line): \(answer)")
    }
  }

  @Test func `params are an object or left out`() throws {
    let client = try DaemonProcess.start().client()
    for params in ["[]", "[1]", "1", #""x""#, "true"] {
      let answer = try client.exchange(#"{"id":1,"method":"server.ping","params":\#(params)}"#)
      #expect(answer.code == -32602 && answer.id == 1, "\(params): \(answer)")
    }
    for member in ["", #","params":{}"#] {
      let answer = try client.exchange(#"{"id":1,"method":"server.ping"\#(member)}"#)
      #expect(answer.result == [:], "\(answer)")
    }
    let unknown = try client.request("server.ping", ["loud": true, "x": [1, ["y": nil]]])
    #expect(unknown.causes == ["loud Unknown", "x Unknown"], "\(unknown)")
  }

  @Test func `an unknown method names those that are near`() throws {
    let client = try DaemonProcess.start().client()
    let answer = try client.request("pod.reserv")
    #expect(answer.code == -32601 && answer.reason == "MethodNotFound", "\(answer)")
    #expect(answer.data?["near"]?.strings?.contains("pod.reserve") == true, "\(answer)")
    for name in ["", "POD.RESERVE", "pod.reserve ", "rpc.discover2", "ledger.follow", "😀"] {
      #expect(try client.request(name).code == -32601, "\(name)")
    }
  }

  @Test func `a notification is executed and never answered`() throws {
    let client = try DaemonProcess.start().client()
    for line in [
      #"{"method":"node.register","params":{"name":"quiet"}}"#,
      #"{"method":"node.register","params":{"nam":"wrong"}}"#,
      #"{"method":"no.such.method"}"#, #"{"method":"node.get","params":{"name":"nobody"}}"#,
      #"[{"method":"server.ping"},{"method":"node.register","params":{"name":"second"}}]"#,
    ] {
      try client.send(line: line)
    }
    let nodes = try eventually("both nodes") {
      let items = try client.all("node.list")
      return items.count == 2 ? items : nil
    }
    #expect(nodes.compactMap { $0["name"]?.text } == ["quiet", "second"])
    #expect(try client.request("server.ping").result == [:])
  }

  @Test func `nesting is allowed down to the limit`() throws {
    let client = try DaemonProcess.start().client()
    let deepest = try client.exchange(Self.nested(32))
    #expect(deepest.result != nil, "\(deepest)")
    let deeper = try client.exchange(Self.nested(33))
    #expect(deeper.code == -32600, "\(deeper)")
    for open in ["[", #"{"a":"#] {
      let line = String(repeating: open, count: 100_000)
      let answer = try client.exchange(line)
      #expect([-32600, -32700].contains(answer.code), "\(answer)")
    }
    #expect(try client.request("server.ping").result == [:])
  }

  @Test func `a batch is answered in one line`() throws {
    let client = try DaemonProcess.start().client()
    let mixed = #"""
      [{"id":1,"method":"server.ping"},{"method":"server.ping"},{"id":"b","method":"nope"},7,{},\#
      {"id":3,"method":"node.register","params":{"name":"n"}},\#
      {"id":4,"method":"node.register","params":{"name":""}},[],\#
      {"id":5,"method":"server.ping","x":1}]
      """#
    let answers = try #require(try client.exchange(mixed).json.list)
    let byID = Dictionary(grouping: answers) { $0["id"] ?? .null }
    #expect(answers.count == 8, "\(answers)")
    #expect(byID[1]?.first?["result"] == [:])
    #expect(byID["b"]?.first?["error"]?["code"] == -32601)
    #expect(byID[3]?.first?["result"]?["name"] == "n")
    #expect(byID[4]?.first?["error"]?["code"] == -32602)
    #expect(byID[5]?.first?["error"]?["code"] == -32600)
    #expect(byID[.null]?.map { $0["error"]?["code"] } == [-32600, -32600, -32600])
  }

  @Test func `batches have a least and a greatest length`() throws {
    let client = try DaemonProcess.start().client()
    let empty = try client.exchange("[]")
    #expect(empty.code == -32600 && empty.id == .null, "\(empty)")
    let pings = { (count: Int) in
      "[" + (0..<count).map { #"{"id":\#($0),"method":"server.ping"}"# }.joined(separator: ",")
        + "]"
    }
    let most = try #require(try client.exchange(pings(1000)).json.list)
    #expect(Set(most.compactMap { $0["id"]?.int }) == Set(0..<1000))
    let more = try client.exchange(pings(1001))
    #expect(more.code == -32600 && more.reason == "InvalidRequest", "\(more)")
    #expect(try client.request("server.ping").result == [:])
  }

  @Test func `a batch of changes takes effect in its order`() throws {
    let client = try DaemonProcess.start().client()
    let pod: JSON = ["namespace": "d", "name": "p"]
    let steps: [(String, JSON)] = [
      ("node.register", ["name": "w"]), ("pod.reserve", pod.with("node", "w")),
      ("pod.release", pod), ("pod.reserve", pod.with("node", "w")),
    ]
    let batch = JSON.array(
      steps.enumerated().map { index, step in
        LineClient.request(step.0, step.1, id: .int(index))
      })
    let answers = try #require(try client.exchange(batch.line).json.list)
    let byID = Dictionary(grouping: answers) { $0["id"]?.int ?? -1 }
    #expect(byID[1]?.first?["result"]?["podIP"] == "10.244.0.2", "\(answers)")
    #expect(byID[2]?.first?["result"]?["released"]?.list?.count == 2, "\(answers)")
    #expect(byID[3]?.first?["result"]?["podIP"] == "10.244.0.3", "\(answers)")
    #expect(byID[3]?.first?["result"]?["revision"] == 4, "\(answers)")
  }
}
