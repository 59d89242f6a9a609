import IPLedgerClient

/// One column: its heading, and how its text comes out of an item.
struct Column: Sendable {
  let title: String
  let isWide: Bool
  let isNumber: Bool
  let text: @Sendable (JSON) -> String

  /// The text is that at `path`, members separated by dots.
  init(
    _ title: String, wide isWide: Bool = false, number isNumber: Bool = false, at path: String
  ) {
    self.init(title, wide: isWide, number: isNumber) { $0.text(at: path) }
  }

  init(
    _ title: String, wide isWide: Bool = false, number isNumber: Bool = false,
    _ text: @escaping @Sendable (JSON) -> String
  ) {
    self.title = title
    self.isWide = isWide
    self.isNumber = isNumber
    self.text = text
  }
}

/// Items as lines of columns, as `kubectl get` shows them.
struct Table {
  let columns: [Column]

  init(_ columns: [Column], wide: Bool) {
    self.columns = columns.filter { wide || !$0.isWide }
  }

  func text(_ items: [JSON], _ palette: Palette) -> String {
    let rows = items.map { item in columns.map { $0.text(item) } }
    let widths = columns.indices.map { column in
      ([columns[column].title] + rows.map { $0[column] }).map(\.columns).max() ?? 0
    }
    let heading = palette.bold(line(columns.map(\.title), widths))
    return ([heading] + rows.map { line($0, widths) }).joined(separator: "\n") + "\n"
  }

  /// One line by widths of its own: for items that come one after the other.
  func line(of item: JSON, _ widths: [Int]) -> String {
    line(columns.map { $0.text(item) }, widths) + "\n"
  }

  func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = zip(cells, zip(columns, widths)).map { cell, place in
      place.0.isNumber ? cell.padded(to: place.1, atEnd: false) : cell.padded(to: place.1)
    }
    let text = padded.joined(separator: "   ")
    return String(text.reversed().drop { $0 == " " }.reversed())
  }
}
