import Addressing
import LineProtocol
import Testing

@Suite struct RequestHeadTests {
  private struct Missing: Error {}

  private func head(_ text: String) throws(RequestRefusal) -> RequestHead {
    let line = Array(text.utf8)
    guard case .request(let range) = try LineContent.read(line: line.span, limits: ProtocolLimits())
    else { preconditionFailure("the line is a request") }
    return try RequestHead(line.span, at: range)
  }

  private func rejection(_ text: String) -> RequestRefusal? {
    do throws(RequestRefusal) {
      _ = try head(text)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a request says whom to answer, what to do, and where its params are`() throws {
    let text = #"{"jsonrpc":"2.0","id":7,"method":"pod.reserve","params":{"node":"n"}}"#
    let head = try head(text)
    #expect(head.id == .int(7))
    #expect(head.method == .podReserve)
    #expect(head.params == 56..<68)
    #expect(Array(text.utf8)[56..<68].elementsEqual(#"{"node":"n"}"#.utf8))
  }

  @Test func `members may stand in any order, spaced and spelled with escapes`() throws {
    let head = try head(
      #" { "params" : { } , "m\u0065thod" : "server\u002eping" , "jsonrpc" : "2\u002e0" , "\u0069d" : "a" } "#
    )
    #expect(head.id == .string(Array(#""a""#.utf8)))
    #expect(head.method == .serverPing)
    #expect(head.params != nil)
  }

  @Test(arguments: [
    ("null", RequestID.null), ("0", .int(0)), ("-0", .int(0)), ("-5", .int(-5)),
    ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
    ("9223372036854775808", .unsigned(1 << 63)), ("18446744073709551615", .unsigned(.max)),
    (#""""#, .string(Array(#""""#.utf8))), (#""1""#, .string(Array(#""1""#.utf8))),
    (#""\u00e9\/é""#, .string(Array(#""\u00e9\/é""#.utf8))),
  ])
  func `an ID comes back as the same JSON value`(json: String, id: RequestID) throws {
    #expect(try head(#"{"id":\#(json),"method":"server.ping"}"#).id == id)
    #expect(rejection(#"{"method":"server.ping","x":1,"id": \#(json) }"#)?.id == id)
    var writer = JSONWriter()
    writer.value(id)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == (json == "-0" ? "0" : json))
  }

  @Test func `a request without an ID is a notification`() throws {
    #expect(try head(#"{"method":"server.ping"}"#).id == nil)
    #expect(try head(#"{"method":"server.ping"}"#).params == nil)
    #expect(try head(#"{"id":null,"method":"server.ping"}"#).id == .null)
  }

  @Test(arguments: [
    "1.5", "1.0", "1e3", "18446744073709551616", "-9223372036854775809", "true", "[]", #"{"a":1}"#,
  ])
  func `what is no ID is refused and not echoed`(json: String) throws {
    let refusal = try #require(rejection(#"{"id":\#(json),"method":"server.ping"}"#))
    #expect(refusal.reply.reason == .invalidRequest)
    #expect(refusal.id == .null)
  }

  @Test(arguments: [
    ("7", RequestID.null), ("null", .null), (#""x""#, .null), ("{}", .null),
    (#"{"id":3}"#, .int(3)),
    (#"{"jsonrpc":"1.0","id":3,"method":"server.ping"}"#, .int(3)),
    (#"{"id":3,"jsonrpc":2.0,"method":"server.ping"}"#, .int(3)),
    (#"{"jsonrpc":null,"id":3,"method":"server.ping"}"#, .int(3)),
    (#"{"jsonrpc":"2.0 ","method":"server.ping"}"#, .null),
    (#"{"extra":true,"id":3,"method":"server.ping"}"#, .int(3)),
    (#"{"method":"server.ping","extra":true}"#, .null),
    (#"{"METHOD":"server.ping","id":"i"}"#, .string(Array(#""i""#.utf8))),
    (#"{"id":3,"method":5}"#, .int(3)), (#"{"id":3,"method":null}"#, .int(3)),
    (#"{"id":3,"method":["server.ping"]}"#, .int(3)), (#"{"params":{}}"#, .null),
    (#"{"result":1,"id":3}"#, .int(3)), (#"{"method":5,"params":[]}"#, .null),
    (#"{"a name longer than all names of members":1,"id":3,"method":"x"}"#, .int(3)),
  ])
  func `an invalid request is answered even without an ID`(text: String, id: RequestID) throws {
    let refusal = try #require(rejection(text))
    #expect(refusal.reply.reason == .invalidRequest)
    #expect(refusal.id == id)
  }

  @Test(arguments: ["[]", "null", "5", #""x""#, "true", #"[{"node":"n"}]"#])
  func `params are an object`(params: String) throws {
    let refused = try #require(rejection(#"{"id":3,"method":"server.ping","params":\#(params)}"#))
    #expect(refused.reply.reason == .invalidParams)
    #expect(refused.reply.causes.map(\.field) == ["params"])
    #expect(refused.id == .int(3))
    let silent = try #require(rejection(#"{"method":"server.ping","params":\#(params)}"#))
    #expect(silent.id == nil)
  }

  @Test func `an unknown method is told with those near to it`() throws {
    let refused = try #require(rejection(#"{"id":3,"method":"pod.reserv","params":[]}"#))
    #expect(refused.reply.reason == .methodNotFound)
    #expect(refused.reply.details == .near([.podReserve]))
    #expect(refused.reply.message.contains("pod.reserve"))
    #expect(refused.id == .int(3))
    let silent = try #require(rejection(#"{"method":"pod.reserv"}"#))
    #expect(silent.id == nil)
    let long = String(repeating: "x", count: 100_000)
    let cut = try #require(rejection(#"{"id":3,"method":"\#(long)"}"#))
    #expect(cut.reply.message.utf8.count < 300)
  }

  @Test(arguments: Method.allCases)
  func `every method is read`(method: Method) throws {
    #expect(try head(#"{"id":1,"method":"\#(method.name)"}"#).method == method)
  }

  @Test func `a request inside a batch is read where it stands`() throws {
    let line = Array(
      #"[{"method":"pod.get"}, {"id":2,"method":"server.ping","params":{}},[]]"#.utf8)
    guard case .batch(var batch) = try LineContent.read(line: line.span, limits: ProtocolLimits())
    else {
      Issue.record("a list is a batch")
      return
    }
    guard let first = batch.next(in: line.span) else { throw Missing() }
    #expect(try RequestHead(line.span, at: first).method == .podGet)
    guard let second = batch.next(in: line.span) else { throw Missing() }
    let head = try RequestHead(line.span, at: second)
    #expect(head.id == .int(2))
    #expect(head.params == 63..<65)
    guard let third = batch.next(in: line.span) else { throw Missing() }
    do throws(RequestRefusal) {
      _ = try RequestHead(line.span, at: third)
      Issue.record("a list in a batch is no request")
    } catch {
      #expect(error.reply.reason == .invalidRequest)
      #expect(error.id == .null)
    }
  }
}
