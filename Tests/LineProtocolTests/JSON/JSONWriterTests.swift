import Addressing
import Foundation
import LineProtocol
import Testing

@Suite struct JSONWriterTests {
  private func written(_ write: (inout JSONWriter) throws -> Void) rethrows -> String {
    var writer = JSONWriter()
    try write(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func `commas stand where they are due`() {
    let text = written { writer in
      writer.beginObject()
      writer.name("a")
      writer.beginArray()
      writer.value(1)
      writer.beginArray()
      writer.endArray()
      writer.beginObject()
      writer.endObject()
      writer.value("x")
      writer.endArray()
      writer.name("b")
      writer.beginObject()
      writer.name("c")
      writer.value(true)
      writer.endObject()
      writer.name("d")
      writer.value(false)
      writer.endObject()
    }
    #expect(text == #"{"a":[1,[],{},"x"],"b":{"c":true},"d":false}"#)
  }

  @Test func `a line starts without a comma`() {
    let text = written { writer in
      writer.value(1)
      writer.newline()
      writer.beginArray()
      writer.endArray()
      writer.newline()
    }
    #expect(text == "1\n[]\n")
  }

  @Test func `a writer that starts anew keeps its room and nothing else`() {
    var writer = JSONWriter()
    writer.value(String(repeating: "x", count: 5000))
    let capacity = writer.bytes.capacity
    writer.removeAll(keepingCapacity: true)
    writer.value(1)
    #expect(writer.bytes == Array("1".utf8))
    #expect(writer.bytes.capacity == capacity)
  }

  @Test(arguments: [
    ("", #""""#), ("plain", #""plain""#), ("\"\\/", #""\"\\/""#),
    ("\u{8}\t\n\u{c}\r", #""\b\t\n\f\r""#),
    ("\0\u{1}\u{b}\u{f}\u{10}\u{1a}\u{1f}", #""\u0000\u0001\u000b\u000f\u0010\u001a\u001f""#),
    ("\u{7f}é日😀\u{2028}", "\"\u{7f}é日😀\u{2028}\""),
    ("a long text with one \" in it", #""a long text with one \" in it""#),
    ("ééééééééé\n", #""ééééééééé\n""#),
  ])
  func `a text has the escapes that it needs and no others`(text: String, json: String) {
    #expect(written { $0.value(text) } == json)
    #expect(written { $0.value(utf8: Array(text.utf8).span) } == json)
    #expect(
      written {
        $0.beginObject()
        $0.name(text)
        $0.value(0)
        $0.name(utf8: Array(text.utf8).span)
        $0.value(1)
        $0.endObject()
      } == "{\(json):0,\(json):1}")
  }

  @Test func `every text comes back`() throws {
    for value in stride(from: UInt32(0), through: 0x10_FFFF, by: 0x25) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(repeating: "x", count: Int(value % 17)) + String(scalar) + "y"
      var writer = JSONWriter()
      writer.value(text)
      _ = try JSONChecker.check(writer.bytes.span, mostDepth: 1)
      var reader = JSONReader(writer.bytes.span, at: 0)
      var bytes: [UInt8] = []
      reader.text().append(to: &bytes, from: writer.bytes.span)
      #expect(bytes == Array(text.utf8))
    }
  }

  @Test(arguments: [0, 1, 9, 10, 99, 100, -1, -10, Int64.max, Int64.min])
  func `signed numbers are decimal`(number: Int64) {
    #expect(written { $0.value(number) } == "\(number)")
    #expect(written { $0.value(Int(number)) } == "\(number)")
  }

  @Test(arguments: [0, 9, 10, 12_345_678_901_234_567_890, UInt64.max])
  func `unsigned numbers are decimal`(number: UInt64) {
    #expect(written { $0.value(number) } == "\(number)")
  }

  @Test func `addresses, blocks and times are texts`() throws {
    #expect(try written { $0.value(try address("FD00:0::1")) } == #""fd00::1""#)
    #expect(try written { $0.value(try cidr("10.0.0.0/8")) } == #""10.0.0.0/8""#)
    #expect(written { $0.value(time: 1_767_323_045_678) } == #""2026-01-02T03:04:05.678Z""#)
  }

  @Test func `IDs and bytes that are JSON are written as they are`() {
    let text = written { writer in
      writer.beginArray()
      writer.value(RequestID.null)
      writer.value(RequestID.int(-5))
      writer.value(RequestID.unsigned(.max))
      writer.value(RequestID.string(Array(#""\u0061""#.utf8)))
      writer.value(json: Array(#"{"x":[]}"#.utf8).span)
      writer.endArray()
    }
    #expect(text == #"[null,-5,18446744073709551615,"\u0061",{"x":[]}]"#)
  }
}
