import LineProtocol
import Testing

@Suite struct LineFramerTests {
  /// All that comes out, with `!` for a line that was too long.
  private func events(_ framer: inout LineFramer) -> [String] {
    var events: [String] = []
    while let event = framer.peek() {
      switch event {
      case .line: events.append(text(framer))
      case .tooLong: events.append("!")
      }
      framer.consume()
    }
    return events
  }

  private func text(_ framer: borrowing LineFramer) -> String {
    var bytes: [UInt8] = []
    let line = framer.line
    for index in line.indices { bytes.append(line[index]) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func append(_ text: some Collection<UInt8>, to framer: inout LineFramer) {
    framer.append(Array(text).span)
  }

  private func events(of text: String, lineBytes: Int = 1000) -> [String] {
    var framer = LineFramer(lineBytes: lineBytes)
    append(text.utf8, to: &framer)
    return events(&framer)
  }

  @Test(arguments: [
    ("", []), ("a", []), ("a\n", ["a"]), ("a\r\n", ["a"]), ("a\nb\nc", ["a", "b"]), ("\n\n\n", []),
    ("\r\n \n\t\r\n  \t \n", []), (" a \n", [" a "]), ("a\r\r\n", ["a\r"]), ("a\rb\n", ["a\rb"]),
    ("\r\r\na\n", ["a"]), ("0123456789\n", ["0123456789"]), ("\0\n", ["\0"]),
  ])
  func `a stream is cut at its newlines`(text: String, lines: [String]) {
    #expect(events(of: text) == lines)
  }

  @Test func `it does not matter where the stream is split`() {
    let stream = Array(
      "{\"id\":1}\n\n{\"id\":2}\r\n \r\nxxxxxxxxxxxxxxxxxxxxx\ny\n1234567890123456\r\n12345678901234567\n\rend\n"
        .utf8)
    let expected = [
      "{\"id\":1}", "{\"id\":2}", "!", "y", "1234567890123456", "!", "\rend",
    ]
    for first in 0...stream.count {
      for second in first...stream.count {
        var framer = LineFramer(lineBytes: 16)
        var found: [String] = []
        for part in [stream[..<first], stream[first..<second], stream[second...]] {
          append(part, to: &framer)
          found += events(&framer)
        }
        #expect(found == expected, "split at \(first) and \(second)")
      }
    }
    var framer = LineFramer(lineBytes: 16)
    var found: [String] = []
    for byte in stream {
      append([byte], to: &framer)
      found += events(&framer)
    }
    #expect(found == expected)
    #expect(framer.count == 0)
  }

  @Test func `the end of the stream may come after it was looked at only at the end`() {
    var framer = LineFramer(lineBytes: 100)
    for part in ["a", "b\nc", "d", "\n", "\n", "e\n", "f"] { append(part.utf8, to: &framer) }
    #expect(events(&framer) == ["ab", "cd", "e"])
    #expect(framer.count == 1)
  }

  @Test(arguments: [
    ("12345678\n", ["12345678"]), ("12345678\r\n", ["12345678"]), ("123456789\n", ["!"]),
    ("123456789\r\n", ["!"]), ("12345678", []), ("12345678\r", []), ("123456789", ["!"]),
    ("12345678\rx", ["!"]), ("12345678\r\r", ["!"]), ("12345678\r\r\n", ["!"]), ("        \n", []),
    ("         \n", ["!"]), ("123456789\nab\n", ["!", "ab"]),
  ])
  func `a line at the limit is taken, and one byte more is not`(text: String, lines: [String]) {
    #expect(events(of: text, lineBytes: 8) == lines)
  }

  @Test func `a line that is too long is told at once and its bytes are not kept`() {
    var framer = LineFramer(lineBytes: 8)
    append("ab\n1234567".utf8, to: &framer)
    #expect(events(&framer) == ["ab"])
    append("8".utf8, to: &framer)
    #expect(events(&framer) == [])
    append("9".utf8, to: &framer)
    #expect(events(&framer) == ["!"])
    #expect(framer.count == 0)
    for _ in 0..<100 {
      append(String(repeating: "x", count: 1000).utf8, to: &framer)
      #expect(events(&framer) == [])
      #expect(framer.count == 0)
    }
    append("end\nnext\n".utf8, to: &framer)
    #expect(events(&framer) == ["next"])
  }

  @Test func `a line that was looked at stays until it is consumed`() {
    var framer = LineFramer(lineBytes: 100)
    append("first\nsecond\nthi".utf8, to: &framer)
    for _ in 0..<3 {
      #expect(framer.peek() == .line)
      #expect(text(framer) == "first")
    }
    for _ in 0..<50 { append("rd\nfourth line that needs room\nthi".utf8, to: &framer) }
    #expect(framer.peek() == .line)
    #expect(text(framer) == "first")
    framer.consume()
    #expect(framer.peek() == .line)
    #expect(text(framer) == "second")
    framer.consume()
    #expect(events(&framer).count == 100)
    append("rd\n".utf8, to: &framer)
    #expect(events(&framer) == ["third"])
  }

  @Test func `there is no line where nothing was looked at`() {
    var framer = LineFramer(lineBytes: 4)
    #expect(framer.peek() == nil)
    #expect(text(framer).isEmpty)
    append("12345".utf8, to: &framer)
    #expect(framer.peek() == .tooLong)
    #expect(framer.peek() == .tooLong)
    #expect(text(framer).isEmpty)
    framer.consume()
    #expect(framer.peek() == nil)
  }

  @Test func `bytes may come from anywhere in memory`() {
    var framer = LineFramer(lineBytes: 100)
    Array("a\nb".utf8).withUnsafeBytes { framer.append($0) }
    framer.append(UnsafeRawBufferPointer(start: nil, count: 0))
    Array("c\n".utf8).withUnsafeBytes { framer.append($0) }
    #expect(events(&framer) == ["a", "bc"])
  }

  /// Searching it again from its start with each part would take minutes.
  @Test(.timeLimit(.minutes(1)))
  func `a long line in small parts is searched once`() {
    var framer = LineFramer(lineBytes: 1_048_576)
    let part = [UInt8](repeating: UInt8(ascii: "x"), count: 16)
    for _ in 0..<65_536 {
      framer.append(part.span)
      #expect(framer.peek() == nil)
    }
    framer.append([UInt8(ascii: "\n")].span)
    #expect(framer.peek() == .line)
    #expect(framer.line.count == 1_048_576)
  }

  @Test func `what lines leave behind does not pile up`() {
    var framer = LineFramer(lineBytes: 1000)
    for number in 0..<10_000 {
      append("\(number)\nhalf of ".utf8, to: &framer)
      #expect(framer.peek() == .line)
      framer.consume()
      #expect(framer.count < 20)
    }
  }
}
