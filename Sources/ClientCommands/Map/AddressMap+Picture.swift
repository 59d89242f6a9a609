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
      return "<rect x=\"\(x)\" y=\"\(y)\" width=\"12\" height=\"12\" rx=\"2\" "
        + "fill=\"\(item.colour.hex)\"/>"
        + "<text x=\"\(x + 18)\" y=\"\(y + 10)\" font-size=\"12\">\(words(of: item.mark))</text>\n"
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(grid.width)\" "
      + "height=\"\(grid.height)\" font-family=\"sans-serif\" fill=\"#24292f\">\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
      + "<text x=\"\(Grid.margin)\" y=\"28\" font-size=\"16\">\(title)</text>\n"
      + squares.joined() + legend.joined() + "</svg>\n"
  }

  /// What stands over the picture.
  var title: String { "\(cidr): \(scale)" + (unseenText.map { "; \($0)" } ?? "") }

  /// What stands beside a colour of the legend.
  private func words(of mark: Mark?) -> String {
    mark.map { "\($0.rawValue) \(total($0))" } ?? "free"
  }

  /// The same, for where SVG is not read; as wide as its words need it.
  var png: [UInt8] {
    let grid = Grid(cells.count)
    let letter = 2 * PixelFont.advance
    var ends: [Int] = []
    for item in Self.legendItems {
      let start = ends.last ?? Grid.margin
      ends.append(start + 18 + words(of: item.mark).count * letter + Grid.margin)
    }
    let titleEnd = 2 * Grid.margin + title.count * letter
    var image = PNGImage(
      width: max(grid.width, titleEnd, ends.last ?? 0), height: grid.height, fill: .white)
    image.write(title, x: Grid.margin, y: 16)
    for cell in cells.indices {
      let (x, y) = grid.corner(cell)
      image.fill(x: x, y: y, size: Grid.cell, colour(cell))
    }
    for (item, x) in zip(Self.legendItems, [Grid.margin] + ends) {
      image.fill(x: x, y: grid.height - 26, size: 12, item.colour)
      image.write(words(of: item.mark), x: x + 18, y: grid.height - 27)
    }
    return image.bytes
  }

  private static let legendItems: [(mark: Mark?, colour: RGB)] =
    [(nil, .free)] + Mark.allCases.map { ($0, RGB($0)) }
}

extension PNGImage {
  /// Writes a line whose letters are 14 pixels high.
  fileprivate mutating func write(_ text: String, x: Int, y: Int) {
    for square in PixelFont.squares(of: text) {
      fill(x: x + 2 * square.x, y: y + 2 * square.y, size: 2, .ink)
    }
  }
}
