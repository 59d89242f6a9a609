import LineProtocol
import Testing

@Suite struct LineContentTests {
  private func rejection(_ text: String, limits: ProtocolLimits = ProtocolLimits())
    -> RequestRefusal?
  {
    do throws(RequestRefusal) {
      _ = try LineContent.read(line: Array(text.utf8).span, limits: limits)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: ["", " ", "\t \r"])
  func `a blank line holds nothing`(text: String) throws {
    let content = try LineContent.read(line: Array(text.utf8).span, limits: ProtocolLimits())
    #expect(content == .blank)
  }

  @Test(arguments: [
    (#"{"id":1}"#, 0..<8), (#"  {"id":1} "#, 2..<10), ("7", 0..<1), (#""[]""#, 0..<4),
  ])
  func `what is no list is one request`(text: String, range: Range<Int>) throws {
    let content = try LineContent.read(line: Array(text.utf8).span, limits: ProtocolLimits())
    #expect(content == .request(range))
  }

  @Test func `a batch tells its requests one after the other`() throws {
    let line = Array(#" [ {"id":1} ,7,["]"],{"a":{"b":[1,2]}} ] "#.utf8)
    guard case .batch(var batch) = try LineContent.read(line: line.span, limits: ProtocolLimits())
    else {
      Issue.record("a list is a batch")
      return
    }
    #expect(batch.count == 4)
    var texts: [String] = []
    while let range = batch.next(in: line.span) {
      texts.append(String(decoding: line[range], as: UTF8.self))
    }
    #expect(texts == [#"{"id":1}"#, "7", #"["]"]"#, #"{"a":{"b":[1,2]}}"#])
    #expect(batch.count == 0)
    let place1 = batch.next(in: line.span)
    #expect(place1 == nil)
  }

  @Test func `a batch that was put aside goes on where it was`() throws {
    let line = Array("[1,2,3]".utf8)
    guard case .batch(var batch) = try LineContent.read(line: line.span, limits: ProtocolLimits())
    else {
      Issue.record("a list is a batch")
      return
    }
    _ = batch.next(in: line.span)
    let kept = batch
    let place2 = batch.next(in: line.span)
    #expect(place2 == 3..<4)
    var again = kept
    let place3 = again.next(in: line.span)
    #expect(place3 == 3..<4)
    let place4 = again.next(in: line.span)
    #expect(place4 == 5..<6)
    let place5 = again.next(in: line.span)
    #expect(place5 == nil)
  }

  @Test(arguments: [
    ("{", 1), (#"{"id":1,"id":2}"#, 8), ("\u{feff}{}", 0), ("{} {}", 3), ("\"\u{1}\"", 1),
  ])
  func `what is not JSON is a parse error with its place`(text: String, offset: Int) throws {
    let refusal = try #require(rejection(text))
    #expect(refusal.id == .null)
    #expect(refusal.reply.reason == .parseError)
    #expect(refusal.reply.details == .offset(offset))
  }

  @Test func `a batch has its limits`() throws {
    let empty = try #require(rejection(" [ ] "))
    #expect(empty.id == .null)
    #expect(empty.reply.reason == .invalidRequest)
    func batch(_ count: Int) -> String {
      "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]"
    }
    #expect(rejection(batch(1000)) == nil)
    #expect(rejection(batch(1001))?.reply.reason == .invalidRequest)
    #expect(rejection(batch(3), limits: ProtocolLimits(batch: 3)) == nil)
    #expect(rejection(batch(4), limits: ProtocolLimits(batch: 3))?.id == .null)
  }

  private func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }

  @Test(arguments: [
    (#"{"id":5,"params":{"a":NEST}}"#, RequestID.int(5)),
    (#"{"params":{"a":NEST},"id":"x"}"#, .string(Array(#""x""#.utf8))),
    (#"{"params":{"a":NEST},"id":NEST}"#, .null),
    (#"{"params":{"a":NEST}}"#, .null),
    (#"[{"id":5,"params":{"a":NEST}}]"#, .null),
    (#"{"id":5,"params":{"a":NEST,}}"#, .null),
    ("NEST", .null),
  ])
  func `what is too deep is no valid request, and keeps its ID`(text: String, id: RequestID) throws
  {
    let deep = text.replacing("NEST", with: nested(33))
    let refusal = try #require(rejection(deep))
    #expect(refusal.reply.reason == .invalidRequest)
    #expect(refusal.id == id)
  }

  @Test func `the depth at its limit is taken`() {
    #expect(rejection(#"{"params":{"a":\#(nested(30))}}"#) == nil)
    #expect(rejection(#"{"params":{"a":\#(nested(31))}}"#) != nil)
    #expect(rejection("[1]", limits: ProtocolLimits(depth: 1)) == nil)
    #expect(rejection("[[]]", limits: ProtocolLimits(depth: 1))?.reply.reason == .invalidRequest)
  }
}
