import Testing

@testable import ClientShell

/// What a terminal sends, and what was pressed.
@Suite struct KeyDecoderTests {
  @Test(
    arguments: [
      ("a", [.character("a")]),
      ("é日", [.character("é"), .character("日")]),
      ("\r", [.enter]),
      ("\n", [.enter]),
      ("\t", [.tab]),
      ("\u{7F}", [.backspace]),
      ("\u{3}\u{4}\u{1}", [.control("c"), .control("d"), .control("a")]),
      ("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", [.up, .down, .right, .left]),
      ("\u{1B}OH\u{1B}OF\u{1B}[1~\u{1B}[4~\u{1B}[3~", [.home, .end, .home, .end, .delete]),
      ("\u{1B}[1;5C\u{1B}[1;5D\u{1B}b\u{1B}f", [.wordRight, .wordLeft, .wordLeft, .wordRight]),
      ("\u{1B}[99;99Zx", [.character("x")]),
      ("\u{1B}\u{1B}[A", [.escape, .up]),
    ] as [(String, [Key])])
  func `bytes are keys, however they are cut`(text: String, keys: [Key]) {
    var whole = KeyDecoder()
    #expect(whole.decode(Array(text.utf8)) == keys)
    var cut = KeyDecoder()
    #expect(text.utf8.flatMap { cut.decode([$0]) } == keys)
  }

  @Test func `an escape alone is the key when nothing follows`() {
    var decoder = KeyDecoder()
    #expect(decoder.decode([0x1B]) == [])
    #expect(decoder.flush() == [.escape])
    #expect(decoder.flush() == [])
    #expect(decoder.decode(Array("[A".utf8)) == [.character("["), .character("A")])
  }

  @Test func `bytes that are no text are passed over`() {
    var decoder = KeyDecoder()
    #expect(decoder.decode([0xFF, 0xC3, 0x28, 0x61]).last == .character("a"))
    #expect(decoder.decode([0x1B, 0x5B] + Array(repeating: 0x3B, count: 64)) == [])
    #expect(decoder.decode([0x61]) == [.character("a")])
  }
}
