import Testing

@testable import ClientShell

/// What keys do to a line.
@Suite struct LineEditorTests {
  private func typed(_ text: String, _ editor: inout LineEditor) {
    for character in text { _ = editor.press(.character(character)) }
  }

  @Test(
    arguments: [
      ([.left, .character("x")], "one twxo"),
      ([.home, .character("x")], "xone two"),
      ([.home, .end, .character("x")], "one twox"),
      ([.backspace], "one tw"),
      ([.home, .backspace], "one two"),
      ([.home, .delete], "ne two"),
      ([.delete], "one two"),
      ([.wordLeft, .character("x")], "one xtwo"),
      ([.home, .wordRight, .character("x")], "onex two"),
      ([.control("w")], "one "),
      ([.control("u")], ""),
      ([.wordLeft, .control("k")], "one "),
      ([.control("w"), .control("y"), .control("y")], "one twotwo"),
      ([.control("a"), .control("f"), .control("d")], "oe two"),
      ([.control("e"), .control("b"), .control("h")], "one to"),
      ([.escape, .control("q")], "one two"),
    ] as [([Key], String)])
  func `a key edits the line`(keys: [Key], text: String) {
    var editor = LineEditor()
    typed("one two", &editor)
    for key in keys { #expect(editor.press(key) == .edited) }
    #expect(editor.text == text)
  }

  @Test(
    arguments: [
      (.tab, .complete), (.control("l"), .clearScreen), (.control("c"), .cancelled),
      (.control("d"), .ended), (.control("z"), .suspend), (.enter, .submitted("")),
    ] as [(Key, LineEditor.Outcome)])
  func `a key asks for something`(key: Key, outcome: LineEditor.Outcome) {
    var editor = LineEditor()
    #expect(editor.press(key) == outcome)
  }

  @Test func `lines come back in their order, and what was being written with them`() {
    var editor = LineEditor(history: LineHistory(text: "first\nsecond\n"))
    typed("draft", &editor)
    var seen: [String] = []
    for key in [Key.up, .up, .up, .down, .down, .down] {
      _ = editor.press(key)
      seen.append(editor.text)
    }
    #expect(seen == ["second", "first", "first", "second", "draft", "draft"])
  }

  @Test func `a line that is submitted is the newest of the history`() {
    var editor = LineEditor()
    for line in ["a", "b", "b", "  ", "server.authenticate token=secret"] {
      typed(line, &editor)
      #expect(editor.press(.enter) == .submitted(line))
      #expect(editor.text.isEmpty)
    }
    #expect(editor.history.lines == ["a", "b"], "no repeats, no blanks, no secrets")
  }

  @Test func `the oldest lines go`() {
    var history = LineHistory()
    for number in 0..<1_500 { history.add("\(number)") }
    #expect(history.lines.count == LineHistory.mostLines)
    #expect(history.lines.last == "1499")
    #expect(LineHistory(text: history.text) == history)
  }

  @Test func `a long line scrolls under its cursor`() {
    var editor = LineEditor()
    typed("0123456789", &editor)
    let end = LineView(prompt: "> ", editor, columns: 9)
    #expect(end.text == "> 456789")
    #expect(end.cursorColumn == 8)
    _ = editor.press(.home)
    let start = LineView(prompt: "> ", editor, columns: 9)
    #expect(start.text == "> 012345")
    #expect(start.cursorColumn == 2)
    #expect(LineView(prompt: "> ", editor, columns: 1).cursorColumn == 2)
  }
}
