import LineProtocol
import Testing

@Suite struct JSONReaderTests {
  private func text(_ json: String) -> String {
    let line = Array(json.utf8)
    var reader = JSONReader(line.span, at: 0)
    var bytes: [UInt8] = []
    reader.text().append(to: &bytes, from: line.span)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    (#""""#, ""), (#""plain""#, "plain"), (#""a longer plain text""#, "a longer plain text"),
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0041\u00e9\u65e5""#, "Aé日"),
    (#""\uD83D\uDE00!""#, "😀!"), (#""\ud800\udc00\udbff\udfff""#, "\u{10000}\u{10ffff}"),
    (#""\u0000""#, "\0"), (#""\\u0041""#, "\\u0041"), (#""before\nafter""#, "before\nafter"),
    (#""ends with \\""#, "ends with \\"), (#""é\té""#, "é\té"), ("\"\u{7f}\"", "\u{7f}"),
  ])
  func `a text is what its escapes stand for`(json: String, expected: String) {
    #expect(text(json) == expected)
  }

  @Test func `only a text with escapes is called escaped`() {
    let line = Array(#"["plain",  "a\\b" ]"#.utf8)
    var reader = JSONReader(line.span, at: 0)
    reader.enter()
    _ = reader.nextElement()
    let plain = reader.text()
    #expect(plain == JSONText(range: 2..<7, isEscaped: false))
    _ = reader.nextElement()
    let escaped = reader.text()
    #expect(escaped == JSONText(range: 12..<16, isEscaped: true))
    let isOver = !reader.nextElement()
    #expect(isOver)
    #expect(reader.position == line.count)
  }

  @Test(
    arguments: [
      ("0", 0, 0), ("-0", 0, 0), ("7", 7, 7), ("-7", -7, nil),
      ("9223372036854775807", Int64.max, 9_223_372_036_854_775_807),
      ("-9223372036854775808", Int64.min, nil),
      ("9223372036854775808", nil, 9_223_372_036_854_775_808),
      ("-9223372036854775809", nil, nil), ("18446744073709551615", nil, UInt64.max),
      ("18446744073709551616", nil, nil), ("99999999999999999999999", nil, nil), ("1.0", nil, nil),
      ("1.5", nil, nil), ("1e2", nil, nil), ("1E2", nil, nil), ("-1e-2", nil, nil),
      ("0.0", nil, nil),
    ] as [(String, Int64?, UInt64?)])
  func `an integer fits or is none, and is passed all the same`(
    json: String, signed: Int64?, unsigned: UInt64?
  ) {
    let line = Array("[\(json)]".utf8)
    for padding in ["", " "] {
      let line = Array("[\(json)\(padding)]".utf8)
      var reader = JSONReader(line.span, at: 1)
      #expect(reader.kind == .number)
      let found = reader.integer()
      #expect(found == signed)
      #expect(reader.position == 1 + json.utf8.count)
    }
    var reader = JSONReader(line.span, at: 1)
    let unfound = reader.unsigned()
    #expect(unfound == unsigned)
    #expect(reader.position == 1 + json.utf8.count)
  }

  @Test func `values have their kinds`() {
    let line = Array(#"[null,true,false,-1,"s",[],{}]"#.utf8)
    var reader = JSONReader(line.span, at: 0)
    var kinds: [JSONKind] = []
    #expect(reader.kind == .array)
    reader.enter()
    while reader.nextElement() {
      kinds.append(reader.kind)
      reader.skip()
    }
    #expect(kinds == [.null, .bool, .bool, .number, .string, .array, .object])
  }

  @Test func `members are read in order, and skipped however deep`() {
    let line = Array(
      #" { "a" : true , "b":[1,{"x":"]}\"["},[]] ,"\u0063":false,"d":{ "e" : -1 } } "#.utf8)
    var reader = JSONReader(line.span, at: 0)
    var keys: [String] = []
    func string(_ text: JSONText) -> String {
      var bytes: [UInt8] = []
      text.append(to: &bytes, from: line.span)
      return String(decoding: bytes, as: UTF8.self)
    }
    reader.enter()
    while let key = reader.nextKey() {
      keys.append(string(key))
      switch string(key) {
      case "a":
        let value = reader.bool()
        #expect(value)
      case "c":
        let value = reader.bool()
        #expect(!value)
      case "d":
        reader.enter()
        let inner = reader.nextKey()
        #expect(inner.map(string) == "e")
        let number = reader.integer()
        #expect(number == -1)
        let end = reader.nextKey()
        #expect(end == nil)
      default: reader.skip()
      }
    }
    #expect(keys == ["a", "b", "c", "d"])
    #expect(reader.position == line.count - 1)
  }

  @Test(arguments: ["[]", "[ ]", "{}", "{ }"])
  func `nothing is in what is empty`(json: String) {
    let line = Array(json.utf8)
    var reader = JSONReader(line.span, at: 0)
    reader.enter()
    let hasMore = reader.nextElement()
    #expect(!hasMore)
    #expect(reader.position == line.count)
  }
}
