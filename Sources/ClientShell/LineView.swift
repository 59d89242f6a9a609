/// What of a line fits behind its prompt, and where the cursor stands then.
struct LineView: Sendable, Hashable {
  /// The prompt and the part of the line that is seen.
  let text: String

  /// Counted from 0.
  let cursorColumn: Int

  /// A character takes one column.
  init(prompt: String, _ editor: LineEditor, columns: Int) {
    let room = max(columns - prompt.count - 1, 1)
    let start = max(editor.cursor - room, 0)
    let seen = editor.characters[start...].prefix(room)
    text = prompt + String(seen)
    cursorColumn = prompt.count + editor.cursor - start
  }

  /// What puts it on the terminal's current row.
  var escapes: String { "\r\u{1B}[K" + text + "\r" + Self.right(cursorColumn) }

  private static func right(_ columns: Int) -> String {
    columns > 0 ? "\u{1B}[\(columns)C" : ""
  }
}
