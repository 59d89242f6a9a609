/// The lines written before, the newest last.
struct LineHistory: Sendable, Hashable {
  /// The oldest go when there are more.
  static let mostLines = 1_000

  private(set) var lines: [String] = []

  init() {}

  /// Reads what `text` writes.
  init(text: String) {
    for line in text.split(separator: "\n") { add(String(line)) }
  }

  /// A blank line is not kept, nor one that repeats the last, nor one that holds a secret.
  mutating func add(_ line: String) {
    guard line.contains(where: { !$0.isWhitespace }), line != lines.last,
      !line.contains("server.authenticate")
    else { return }
    lines.append(line)
    if lines.count > Self.mostLines { lines.removeFirst(lines.count - Self.mostLines) }
  }

  /// A line each.
  var text: String { lines.map { $0 + "\n" }.joined() }
}
