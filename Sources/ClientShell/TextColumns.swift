/// Words in columns, read from top to bottom, as many as fit beside each other.
enum TextColumns {
  static func lines(_ words: [String], columns: Int) -> [String] {
    guard let widest = words.map(\.count).max() else { return [] }
    let across = max((columns + 2) / (widest + 2), 1)
    let rows = (words.count + across - 1) / across
    return (0..<rows).map { row in
      stride(from: row, to: words.count, by: rows)
        .map { index in
          let isLast = index + rows >= words.count
          return isLast ? words[index] : words[index].padded(to: widest + 2)
        }
        .joined()
    }
  }
}

extension String {
  /// With spaces behind it; cut when it is longer.
  func padded(to width: Int) -> String {
    count <= width ? self + String(repeating: " ", count: width - count) : String(prefix(width))
  }

  /// With spaces before it.
  func paddedLeft(to width: Int) -> String {
    String(repeating: " ", count: max(width - count, 0)) + self
  }
}
