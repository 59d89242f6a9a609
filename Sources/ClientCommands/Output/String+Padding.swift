extension String {
  /// How many columns of a terminal it takes; control characters would take the line apart.
  var columns: Int { count }

  /// Spaces added, at the end or in front, up to `width` columns.
  func padded(to width: Int, atEnd: Bool = true) -> String {
    let gap = String(repeating: " ", count: max(width - columns, 0))
    return atEnd ? self + gap : gap + self
  }
}
