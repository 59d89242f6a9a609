import FaultKit
import Testing

/// Lines and bytes, whole and in pieces, well-formed and not.
@Suite(.ownThreads) struct FramingTests {
  private static let ping = #"{"id":1,"method":"server.ping"}"#
  private static let pong = #"{"id":1,"jsonrpc":"2.0","result":{}}"#

  private static func padded(to count: Int) -> [UInt8] {
    Array(ping.utf8) + Array(repeating: UInt8(ascii: " "), count: count - ping.utf8.count)
  }

  @Test func `a line may come byte by byte`() throws {
    let client = try DaemonProcess.start().client()
    for byte in (Self.ping + "\n").utf8 { try client.send(bytes: [byte]) }
    #expect(try client.readJSON().line == Self.pong)
  }

  @Test func `many lines may come at once`() throws {
    let client = try DaemonProcess.start().client()
    let count = 3000
    let lines = (0..<count).map { #"{"id":\#($0),"method":"server.ping"}"# + "\n" }
    try client.send(bytes: Array(lines.joined().utf8))
    var ids: Set<Int> = []
    for _ in 0..<count { ids.insert(try client.readJSON()["id"]?.int ?? -1) }
    #expect(ids == Set(0..<count))
  }

  @Test func `line ends are LF or CRLF and blank lines are nothing`() throws {
    let client = try DaemonProcess.start().client()
    try client.send(bytes: Array("\n\r\n  \t \n\(Self.ping)\r\n\r\n\(Self.ping)\n".utf8))
    for _ in 0..<2 { #expect(try client.readJSON().line == Self.pong) }
    #expect(try client.exchange(#"{"id":2,"method":"server.ping"}"#).id == 2)
  }

  struct Garbage: Sendable, CustomTestStringConvertible {
    let what: String
    let bytes: [UInt8]
    var offset: Int?

    init(_ what: String, _ text: String, offset: Int? = nil) {
      self.init(what, bytes: Array(text.utf8), offset: offset)
    }

    init(_ what: String, bytes: [UInt8], offset: Int? = nil) {
      self.what = what
      self.bytes = bytes
      self.offset = offset
    }

    var testDescription: String { what }
  }

  private static func inName(_ bytes: [UInt8]) -> [UInt8] {
    Array(#"{"id":1,"method":""#.utf8) + bytes + Array(#""}"#.utf8)
  }

  private static let garbage: [Garbage] = [
    Garbage("a word", "hello", offset: 0),
    Garbage("a byte-order mark", bytes: [0xEF, 0xBB, 0xBF] + ping.utf8, offset: 0),
    Garbage("invalid UTF-8", bytes: inName([0xFF]), offset: 18),
    Garbage("an overlong form", bytes: inName([0xC0, 0xAF])),
    Garbage("a surrogate in UTF-8", bytes: inName([0xED, 0xA0, 0x80])),
    Garbage("beyond Unicode", bytes: inName([0xF4, 0x90, 0x80, 0x80])),
    Garbage("a cut sequence", bytes: inName([0xE2, 0x82])),
    Garbage("NUL in a string", bytes: inName([0]), offset: 18),
    Garbage("a tab in a string", bytes: inName([9]), offset: 18),
    Garbage("NUL outside", bytes: [0] + ping.utf8),
    Garbage("a lone high surrogate", #"{"id":1,"method":"\ud800"}"#),
    Garbage("a lone low surrogate", #"{"id":1,"method":"\udc00"}"#),
    Garbage("surrogates in the wrong order", #"{"id":1,"method":"\udc00\ud800"}"#),
    Garbage("an unknown escape", #"{"id":1,"method":"\x41"}"#),
    Garbage("a duplicate key", #"{"id":1,"id":1,"method":"server.ping"}"#),
    Garbage("a duplicate key by escapes", #"{"id":1,"\u0069d":1,"method":"server.ping"}"#),
    Garbage("a duplicate key inside", #"{"id":1,"method":"ip.get","params":{"a":1,"a":1}}"#),
    Garbage("text after the value", ping + " x"),
    Garbage("two values", ping + ping),
    Garbage("a trailing comma", #"{"id":1,"method":"server.ping",}"#),
    Garbage("single quotes", "{'id':1}"),
    Garbage("a comment", "/**/" + ping, offset: 0),
    Garbage("a leading zero", #"{"id":01,"method":"server.ping"}"#),
    Garbage("a plus sign", #"{"id":+1,"method":"server.ping"}"#),
    Garbage("a bare point", #"{"id":1.,"method":"server.ping"}"#),
    Garbage("hexadecimal", #"{"id":0x1,"method":"server.ping"}"#),
    Garbage("NaN", #"{"id":NaN,"method":"server.ping"}"#),
    Garbage("True", #"{"id":1,"method":"server.ping","params":True}"#),
    Garbage("cut in the middle", #"{"id":1,"method":"server.pi"#),
    Garbage("a lone bracket", "]"),
    Garbage("a form feed as space", "\u{c}" + ping),
  ]

  @Test func `what is no JSON is a ParseError and the connection lives on`() throws {
    let client = try DaemonProcess.start().client()
    for line in Self.garbage {
      try client.send(bytes: line.bytes + [UInt8(ascii: "\n")])
      let answer = Answer(try client.readJSON())
      #expect(answer.code == -32700 && answer.reason == "ParseError", "\(line.what): \(answer)")
      #expect(answer.id == .null, "\(line.what)")
      let offset = try #require(answer.data?["offset"]?.int)
      #expect((0...line.bytes.count).contains(offset), "\(line.what): \(answer)")
      if let expected = line.offset { #expect(offset == expected, "\(line.what)") }
      #expect(try client.exchange(Self.ping).json.line == Self.pong)
    }
  }

  @Test func `a line of exactly the limit is read and one byte more is not`() throws {
    let client = try DaemonProcess.start().client()
    let limit = 1_048_576
    try client.send(bytes: Self.padded(to: limit) + [UInt8(ascii: "\n")])
    #expect(try client.readJSON().line == Self.pong)
    try client.send(bytes: Self.padded(to: limit + 1) + [UInt8(ascii: "\n")])
    let long = Answer(try client.readJSON())
    #expect(long.code == -32600 && long.reason == "LineTooLong", "\(long)")
    #expect(long.id == .null)
    #expect(try client.exchange(Self.ping).json.line == Self.pong)
  }

  @Test func `a line too long is answered before it ends and then skipped`() throws {
    let client = try DaemonProcess.start().client()
    let part = [UInt8](repeating: UInt8(ascii: "["), count: 1_048_577)
    try client.send(bytes: part)
    #expect(Answer(try client.readJSON()).reason == "LineTooLong")
    try client.send(bytes: part + [UInt8(ascii: "\n")])
    try client.send(line: Self.ping)
    #expect(try client.readJSON().line == Self.pong, "one line is one error")
  }

  @Test func `a long line costs no memory`() throws {
    let daemon = try DaemonProcess.start()
    let client = try daemon.client()
    _ = try client.exchange(Self.ping)
    let before = try daemon.residentBytes()
    let part = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    for _ in 0..<64 { try client.send(bytes: part) }
    try client.send(line: "")
    #expect(Answer(try client.readJSON()).reason == "LineTooLong")
    #expect(try client.exchange(Self.ping).json.line == Self.pong)
    #expect(try daemon.residentBytes() - before < 24 << 20)
  }

  @Test func `limits of the configuration hold and are told`() throws {
    let setup = DaemonSetup.dual.with {
      $0.yaml = "limits: {lineBytes: 4096, depth: 8, batch: 3, nameBytes: 63}"
    }
    let client = try DaemonProcess.start(setup).client()
    let limits = try client.request("server.info").result?["limits"]
    #expect(limits == ["lineBytes": 4096, "depth": 8, "batch": 3, "nameBytes": 63])
    try client.send(bytes: Self.padded(to: 4097) + [UInt8(ascii: "\n")])
    #expect(Answer(try client.readJSON()).reason == "LineTooLong")
    let four = "[" + Array(repeating: Self.ping, count: 4).joined(separator: ",") + "]"
    #expect(try client.exchange(four).code == -32600)
    let name = JSON.string(String(repeating: "n", count: 64))
    #expect(try client.request("node.register", ["name": name]).causes == ["name TooLong"])
  }
}
