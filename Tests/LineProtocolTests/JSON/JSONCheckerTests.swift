import LineProtocol
import Testing

@Suite struct JSONCheckerTests {
  /// What the checker finds wrong with `line`; nil when it takes it.
  private func failure(_ line: [UInt8], mostDepth: Int = 32) -> JSONFailure? {
    do throws(JSONFailure) {
      _ = try JSONChecker.check(line.span, mostDepth: mostDepth)
      return nil
    } catch {
      return error
    }
  }

  private func failure(_ text: String) -> JSONFailure? { failure(Array(text.utf8)) }

  @Test(arguments: [
    "null", "true", "false", "0", "-0", "7", "-7", "1234567890123456789012345678901234567890",
    "0.5", "-0.5", "1e5", "1E5", "1e+5", "1E-05", "0e0", "0.1e1", "123.456e-789", "1e9999",
    "-1.0E+2", #""""#, #""a""#, #""abcdefg""#, #""abcdefgh""#, #""abcdefghi""#,
    #""\"\\\/\b\f\n\r\t""#, #""\u0000\u001f\u0022\uABCD\uabcd\uFFFF""#, #""\ud83d\ude00""#,
    #""\uD800\uDC00\uDBFF\uDFFF""#, #""\uD7FF\uE000""#, #""\\u12""#, #""\\\"\\""#,
    "\"\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\"", "\"é日本😀\"", "\"\u{feff}\"",
    "[]", "[ ]", "[1]", "[1,2]", "[ 1 , 2 ]", "[[],[[]],{}]", "[\"\",-1,null,true,{\"a\":[]}]",
    "{}", "{ }", #"{"a":1}"#, #"{ "a" : 1 , "b" : { } }"#, #"{"":0}"#, #"{"a":{"a":{"a":1}}}"#,
    #"[{"a":1},{"a":2}]"#, #"{"a":{"b":1},"b":{"a":2}}"#, #"{"a":1,"A":2,"a ":3}"#,
    " \t\r\n[ \t\r\n1 \t\r\n] \t\r\n", " 1", "1 ", "", " ", "\t\r ",
  ])
  func `JSON is taken`(text: String) {
    #expect(failure(text) == nil)
  }

  @Test(arguments: [
    ("nul", JSONFault.unexpectedEnd, 3), ("nulL", .unexpectedByte, 3), ("Null", .unexpectedByte, 0),
    ("tru", .unexpectedEnd, 3), ("trux", .unexpectedByte, 3), ("falsE", .unexpectedByte, 4),
    ("truefalse", .textAfterValue, 4), ("nullx", .textAfterValue, 4), ("NaN", .unexpectedByte, 0),
    ("Infinity", .unexpectedByte, 0), ("-Infinity", .badNumber, 1),
    ("undefined", .unexpectedByte, 0),
    ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0), ("-", .unexpectedEnd, 1),
    ("--1", .badNumber, 1), ("- 1", .badNumber, 1), ("01", .badNumber, 1), ("-01", .badNumber, 2),
    ("00", .badNumber, 1), ("1.", .unexpectedEnd, 2), ("1.e5", .badNumber, 2),
    ("-.5", .badNumber, 1), ("1.5.5", .textAfterValue, 3), ("1e", .unexpectedEnd, 2),
    ("1e+", .unexpectedEnd, 3), ("1e5.5", .textAfterValue, 3), ("1eE5", .badNumber, 2),
    ("1e+-5", .badNumber, 3), ("0x10", .textAfterValue, 1), ("1_000", .textAfterValue, 1),
    ("1 2", .textAfterValue, 2), ("1,", .textAfterValue, 1), ("１", .unexpectedByte, 0),
  ])
  func `words and numbers are spelled as JSON spells them`(
    text: String, fault: JSONFault, offset: Int
  ) {
    #expect(failure(text) == JSONFailure(fault: fault, offset: offset, isTooDeep: false))
  }

  @Test(arguments: [
    (#"""#, JSONFault.unexpectedEnd, 1), (#""abc"#, .unexpectedEnd, 4),
    (#""abcdefghijk"#, .unexpectedEnd, 12), (#""\"#, .unexpectedEnd, 2),
    (#""\""#, .unexpectedEnd, 3), (#""\x""#, .badEscape, 1), (#""a\'b""#, .badEscape, 2),
    (#""\U0041""#, .badEscape, 1), (#""\a""#, .badEscape, 1), (#""\u""#, .unexpectedEnd, 4),
    (#""\u00"#, .unexpectedEnd, 5), (#""\u00g0""#, .badEscape, 1), (#""\u 041""#, .badEscape, 1),
    (#""\u+041""#, .badEscape, 1), (#""\u004""#, .badEscape, 1),
    (#""\ud800""#, .loneSurrogate, 1), (#""x\udfff""#, .loneSurrogate, 2),
    (#""\ud800\ud800""#, .loneSurrogate, 1), (#""\udc00\ud800""#, .loneSurrogate, 1),
    (#""\ud83dx\ude00""#, .loneSurrogate, 1), (#""\ud83d\n""#, .loneSurrogate, 1),
    (#""\ud83d\u0041""#, .loneSurrogate, 1), (#""\ud83d\ude0""#, .loneSurrogate, 1),
    ("\"a\u{0}b\"", .controlCharacter, 2), ("\"\n\"", .controlCharacter, 1),
    ("\"abcdefghij\tk\"", .controlCharacter, 11), ("\"\u{1f}\"", .controlCharacter, 1),
    ("\"a\rb\"", .controlCharacter, 2), ("'a'", .unexpectedByte, 0), ("a", .unexpectedByte, 0),
    (#""a"b"#, .textAfterValue, 3), (#""a" "b""#, .textAfterValue, 4),
    ("\"\\\u{0}\"", .badEscape, 1),
  ])
  func `strings are spelled as JSON spells them`(text: String, fault: JSONFault, offset: Int) {
    #expect(failure(text) == JSONFailure(fault: fault, offset: offset, isTooDeep: false))
  }

  @Test(arguments: [
    ("[", JSONFault.unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
    ("[,]", .unexpectedByte, 1), ("[1,]", .unexpectedByte, 3), ("[1,,2]", .unexpectedByte, 3),
    ("[1 2]", .unexpectedByte, 3), ("[1}", .unexpectedByte, 2), ("[1:2]", .unexpectedByte, 2),
    ("]", .unexpectedByte, 0), ("[]]", .textAfterValue, 2), ("[\"a", .unexpectedEnd, 3),
    ("{", .unexpectedEnd, 1), ("{]", .unexpectedByte, 1), (#"{"a""#, .unexpectedEnd, 4),
    (#"{"a":"#, .unexpectedEnd, 5), (#"{"a":}"#, .unexpectedByte, 5),
    (#"{"a" 1}"#, .unexpectedByte, 5),
    (#"{"a"}"#, .unexpectedByte, 4), (#"{"a":1"#, .unexpectedEnd, 6),
    (#"{"a":1,"#, .unexpectedEnd, 7),
    (#"{"a":1,}"#, .unexpectedByte, 7), (#"{"a":1,,"b":2}"#, .unexpectedByte, 7),
    (#"{"a":1 "b":2}"#, .unexpectedByte, 7), (#"{"a"::1}"#, .unexpectedByte, 5),
    (#"{,"a":1}"#, .unexpectedByte, 1), ("{1:2}", .unexpectedByte, 1),
    ("{null:1}", .unexpectedByte, 1),
    ("{a:1}", .unexpectedByte, 1), ("{'a':1}", .unexpectedByte, 1),
    (#"{"a":1]"#, .unexpectedByte, 6),
    (#"{"a":1}{"b":2}"#, .textAfterValue, 7), (#"{"a":1}#"#, .textAfterValue, 7),
    ("// x", .unexpectedByte, 0), ("[1/*x*/]", .unexpectedByte, 2), ("[\u{0}]", .unexpectedByte, 1),
    ("[\u{a0}1]", .unexpectedByte, 1), ("[\u{c}1]", .unexpectedByte, 1),
    ("\u{0}", .unexpectedByte, 0),
    ("1\u{0}", .textAfterValue, 1), ("\u{feff}{}", .byteOrderMark, 0),
    ("\u{feff}", .byteOrderMark, 0),
    (" \u{feff}{}", .unexpectedByte, 1),
  ])
  func `objects and arrays are spelled as JSON spells them`(
    text: String, fault: JSONFault, offset: Int
  ) {
    #expect(failure(text) == JSONFailure(fault: fault, offset: offset, isTooDeep: false))
  }

  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC2],
      [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x82, 0x41], [0xE2, 0x41, 0x82],
      [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x41], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ] as [[UInt8]])
  func `what is not UTF-8 is refused wherever it stands in a string`(bytes: [UInt8]) {
    for length in 0..<20 {
      let before = [UInt8](repeating: UInt8(ascii: "x"), count: length)
      let line = Array("\"".utf8) + before + bytes + Array("\"".utf8)
      #expect(failure(line)?.fault == .invalidUTF8)
      #expect(failure(line)?.offset == 1 + length)
      let key = Array("{\"".utf8) + before + bytes + Array("\":1}".utf8)
      #expect(failure(key)?.fault == .invalidUTF8)
    }
    #expect(failure(bytes)?.fault == .unexpectedByte)
  }

  @Test func `every code point is taken as it is, and no surrogate`() {
    for value in stride(from: UInt32(0x20), through: 0x10_FFFF, by: 0x1F) {
      guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
      #expect(failure("\"\(scalar)\"") == nil)
    }
  }

  @Test(arguments: 0..<24)
  func `a control character is found wherever it stands in a string`(position: Int) {
    for control in UInt8(0)..<0x20 {
      var line = [UInt8](repeating: UInt8(ascii: "x"), count: 26)
      line[0] = UInt8(ascii: "\"")
      line[25] = UInt8(ascii: "\"")
      line[1 + position] = control
      let expected = JSONFailure(
        fault: .controlCharacter, offset: 1 + position, isTooDeep: false)
      #expect(failure(line) == expected)
    }
  }

  @Test func `a fault has a sentence of its own`() {
    #expect(Set(JSONFault.allCases.map(\.message)).count == JSONFault.allCases.count)
  }

  @Test(arguments: [
    ("", 0..<0, 0), ("  ", 2..<2, 0), (" 7 ", 1..<2, 0), ("[]", 0..<2, 0), (" [ ] ", 1..<4, 0),
    ("[1]", 0..<3, 1), ("[1,[2,3],{\"a\":[4,5]}]", 0..<21, 3), (#"{"a":[1,2]}"#, 0..<11, 0),
    ("[[],[]]", 0..<7, 2),
  ])
  func `the outline says where the value stands and how long a list is`(
    text: String, value: Range<Int>, elements: Int
  ) throws {
    let outline = try JSONChecker.check(Array(text.utf8).span, mostDepth: 32)
    #expect(outline == JSONOutline(value: value, elements: elements, isTooDeep: false))
  }
}
