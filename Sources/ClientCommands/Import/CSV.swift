/// Comma-separated values: cells may stand in quotes, a quote in them is doubled.
enum CSV {
  static func rows(of text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    var before: Character?
    for character in text.replacing("\r\n", with: "\n") {
      switch character {
      case "\"":
        if isQuoted || cell.isEmpty && before != "\"" {
          isQuoted.toggle()
        } else {
          cell.append("\"")
          isQuoted = true
        }
      case "," where !isQuoted:
        row.append(cell)
        cell = ""
      case "\n" where !isQuoted:
        rows.append(row + [cell])
        (row, cell) = ([], "")
      default: cell.append(character)
      }
      before = character
    }
    if !cell.isEmpty || !row.isEmpty { rows.append(row + [cell]) }
    return rows.filter { $0 != [""] }
  }

  /// A line, quoted where it must be.
  static func line(_ cells: [String]) -> String {
    cells.map { cell in
      cell.contains { "\",\n".contains($0) } ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
    }
    .joined(separator: ",") + "\n"
  }
}
