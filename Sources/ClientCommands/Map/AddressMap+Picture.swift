import Addressing
import IPLedgerClient

extension AddressMap {
  /// Where the cells stand in a picture.
  private struct Grid {
    static let cell = 12
    static let gap = 2
    static let margin = 16
    static let top = 44
    static let bottom = 40
    let columns: Int
    let rows: Int

    init(_ count: Int) {
      columns = min(count, AddressMap.rowCells)
      rows = (count + columns - 1) / columns
    }

    /// Room for the legend too.
    var width: Int { 2 * Self.margin + max(columns * (Self.cell + Self.gap), 560) }
    var height: Int { Self.top + rows * (Self.cell + Self.gap) + Self.bottom }

    func corner(_ cell: Int) -> (x: Int, y: Int) {
      let step = Self.cell + Self.gap
      return (Self.margin + cell % columns * step, Self.top + cell / columns * step)
    }
  }

  /// A colour of both kinds of pictures.
  private func colour(_ cell: Int) -> RGB {
    guard let mark = dominant(cell) else { return .free }
    guard mark == .used else { return RGB(mark) }
    return RGB.free.mixed(with: RGB(.used), 0.3 + 0.7 * share(of: cell))
  }

  /// A drawing whose cells say on hovering what they stand for.
  var svg: String {
    let grid = Grid(cells.count)
    let squares = cells.indices.map { cell -> String in
      let (x, y) = grid.corner(cell)
      let (first, last) = bounds(of: cell)
      let place = first == last ? "\(first)" : "\(first) to \(last)"
      let counts = Mark.allCases.filter { cells[cell][$0] > 0 }
        .map { "\(cells[cell][$0]) \($0.rawValue)" }
      let title = "\(place): \(counts.isEmpty ? "free" : counts.joined(separator: ", "))"
      return "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(Grid.cell)\" height=\"\(Grid.cell)\" rx=\"2\" "
        + "fill=\"\(colour(cell).hex)\"><title>\(title)</title></rect>\n"
    }
    let legend = Self.legendItems.enumerated().map { index, item -> String in
      let x = Grid.margin + index * 110
      let y = grid.height - 26
      let words = item.mark.map { "\($0.rawValue) \(total($0))" } ?? "free"
      return "<rect x=\"\(x)\" y=\"\(y)\" width=\"12\" height=\"12\" rx=\"2\" "
        + "fill=\"\(item.colour.hex)\"/>"
        + "<text x=\"\(x + 18)\" y=\"\(y + 10)\" font-size=\"12\">\(words)</text>\n"
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(grid.width)\" "
      + "height=\"\(grid.height)\" font-family=\"sans-serif\" fill=\"#24292f\">\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
      + "<text x=\"\(Grid.margin)\" y=\"28\" font-size=\"16\">\(cidr): \(scale)"
      + (unseenText.map { "; \($0)" } ?? "") + "</text>\n"
      + squares.joined() + legend.joined() + "</svg>\n"
  }

  /// The same squares without words, for where SVG is not read.
  var png: [UInt8] {
    let grid = Grid(cells.count)
    var image = PNGImage(width: grid.width, height: grid.height, fill: .white)
    for cell in cells.indices {
      let (x, y) = grid.corner(cell)
      image.fill(x: x, y: y, size: Grid.cell, colour(cell))
    }
    for (index, item) in Self.legendItems.enumerated() {
      image.fill(x: Grid.margin + index * 18, y: grid.height - 26, size: 12, item.colour)
    }
    return image.bytes
  }

  private static let legendItems: [(mark: Mark?, colour: RGB)] =
    [(nil, .free)] + Mark.allCases.map { ($0, RGB($0)) }
}
