/// A line that is being written, and those that were written before.
struct LineEditor: Sendable {
  /// What a key led to.
  enum Outcome: Sendable, Hashable {
    /// The line may look different.
    case edited
    case submitted(String)
    /// Show how the line might go on.
    case complete
    /// The line was given up.
    case cancelled
    case clearScreen
    /// Stop until the shell around this one lets it go on.
    case suspend
    /// Nobody wants to write any more.
    case ended
  }

  private(set) var characters: [Character] = []
  private(set) var cursor = 0
  private(set) var history: LineHistory

  /// Where in the history the line is from; its end is the line that is being written.
  private var place: Int
  private var draft: [Character] = []
  private var killed: [Character] = []

  init(history: LineHistory = LineHistory()) {
    self.history = history
    place = history.lines.count
  }

  var text: String { String(characters) }

  /// What stands before the cursor.
  var textBeforeCursor: String { String(characters[..<cursor]) }

  mutating func press(_ key: Key) -> Outcome {
    switch key {
    case .character(let character): insert([character])
    case .enter: return submit()
    case .tab: return .complete
    case .backspace, .control("h"): remove(max(cursor - 1, 0)..<cursor)
    case .delete: remove(cursor..<min(cursor + 1, characters.count))
    case .left, .control("b"): cursor = max(cursor - 1, 0)
    case .right, .control("f"): cursor = min(cursor + 1, characters.count)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = characters.count
    case .wordLeft: cursor = wordStart
    case .wordRight: cursor = wordEnd
    case .up, .control("p"): recall(place - 1)
    case .down, .control("n"): recall(place + 1)
    case .control("k"): kill(cursor..<characters.count)
    case .control("u"): kill(0..<cursor)
    case .control("w"): kill(wordStart..<cursor)
    case .control("y"): insert(killed)
    case .control("l"): return .clearScreen
    case .control("z"): return .suspend
    case .control("c"):
      set([])
      return .cancelled
    case .control("d"):
      guard !characters.isEmpty else { return .ended }
      remove(cursor..<min(cursor + 1, characters.count))
    case .escape, .control: break
    }
    return .edited
  }

  /// Puts `text` in the place of the last `count` characters before the cursor.
  mutating func replace(last count: Int, with text: String) {
    remove(max(cursor - count, 0)..<cursor)
    insert(Array(text))
  }

  private mutating func submit() -> Outcome {
    let line = text
    history.add(line)
    set([])
    return .submitted(line)
  }

  private mutating func set(_ line: [Character]) {
    characters = line
    cursor = line.count
    place = history.lines.count
    draft = []
  }

  private mutating func recall(_ wanted: Int) {
    guard (0...history.lines.count).contains(wanted) else { return }
    if place == history.lines.count { draft = characters }
    place = wanted
    characters = wanted == history.lines.count ? draft : Array(history.lines[wanted])
    cursor = characters.count
  }

  private mutating func insert(_ new: [Character]) {
    characters.insert(contentsOf: new, at: cursor)
    cursor += new.count
  }

  private mutating func remove(_ range: Range<Int>) {
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  private mutating func kill(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    killed = Array(characters[range])
    remove(range)
  }

  private var wordStart: Int {
    var index = cursor
    while index > 0, !characters[index - 1].isWordPart { index -= 1 }
    while index > 0, characters[index - 1].isWordPart { index -= 1 }
    return index
  }

  private var wordEnd: Int {
    var index = cursor
    while index < characters.count, !characters[index].isWordPart { index += 1 }
    while index < characters.count, characters[index].isWordPart { index += 1 }
    return index
  }
}

extension Character {
  fileprivate var isWordPart: Bool { isLetter || isNumber }
}
