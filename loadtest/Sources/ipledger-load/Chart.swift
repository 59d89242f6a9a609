/// A picture of a few series of numbers, drawn as SVG.
struct Chart {
  /// One line.
  struct Series {
    let name: String
    let points: [(x: Double, y: Double)]
    /// Whether what is below it is coloured.
    var isFilled = false
  }

  let title: String
  let series: [Series]
  let horizontal: ChartScale
  let vertical: ChartScale
  let label: (x: (Double) -> String, y: (Double) -> String)

  private static let size = (width: 640.0, height: 260.0)
  private static let margin = (left: 62.0, right: 22.0, top: 34.0, bottom: 26.0)

  private func x(_ value: Double) -> Double {
    let width = Self.size.width - Self.margin.left - Self.margin.right
    return Self.margin.left + horizontal.place(value) * width
  }

  private func y(_ value: Double) -> Double {
    let height = Self.size.height - Self.margin.top - Self.margin.bottom
    return Self.margin.top + (1 - vertical.place(value)) * height
  }

  var svg: String {
    let parts = [grid, series.indices.map(line).joined(), legend]
    let width = whole(Self.size.width)
    let height = whole(Self.size.height)
    return """
      <figure><svg viewBox="0 0 \(width) \(height)" role="img" aria-label="\(title.escapedForHTML)">
      <text class="title" x="\(fixed(Self.margin.left, 0))" y="16">\(title.escapedForHTML)</text>
      \(parts.joined(separator: "\n"))
      </svg></figure>
      """
  }

  private var grid: String {
    let right = Self.size.width - Self.margin.right
    let bottom = Self.size.height - Self.margin.bottom
    let rows = vertical.ticks.map { tick in
      let place = fixed(y(tick), 1)
      return "<line class=\"grid\" x1=\"\(Self.margin.left)\" x2=\"\(right)\" y1=\"\(place)\" "
        + "y2=\"\(place)\"/><text class=\"tick\" text-anchor=\"end\" x=\"\(Self.margin.left - 6)\" "
        + "y=\"\(fixed(y(tick) + 4, 1))\">\(label.y(tick))</text>"
    }
    let columns = horizontal.ticks.map { tick in
      "<text class=\"tick\" text-anchor=\"middle\" x=\"\(fixed(x(tick), 1))\" "
        + "y=\"\(bottom + 17)\">\(label.x(tick))</text>"
    }
    return (rows + columns).joined(separator: "\n")
  }

  private func line(_ index: Int) -> String {
    let one = series[index]
    guard let first = one.points.first, let last = one.points.last else { return "" }
    let points = one.points.map { "\(fixed(x($0.x), 1)),\(fixed(y($0.y), 1))" }
    let path = points.joined(separator: " ")
    var parts: [String] = []
    if one.isFilled, points.count > 1 {
      let bottom = fixed(Self.size.height - Self.margin.bottom, 1)
      parts.append(
        "<polygon class=\"area s\(index)\" points=\"\(fixed(x(first.x), 1)),\(bottom) \(path) "
          + "\(fixed(x(last.x), 1)),\(bottom)\"/>")
    }
    parts.append("<polyline class=\"line s\(index)\" points=\"\(path)\"/>")
    if points.count <= 120 {
      parts += one.points.map { point in
        "<circle class=\"s\(index)\" cx=\"\(fixed(x(point.x), 1))\" "
          + "cy=\"\(fixed(y(point.y), 1))\" r=\"2.5\"><title>\(one.name.escapedForHTML) "
          + "\(label.y(point.y)) at \(label.x(point.x))</title></circle>"
      }
    }
    return parts.joined(separator: "\n")
  }

  private var legend: String {
    guard series.count > 1 else { return "" }
    return series.indices.map { index in
      let place = Self.size.width - Self.margin.right - Double(series.count - index) * 72
      return "<rect class=\"s\(index)\" x=\"\(place)\" y=\"8\" width=\"10\" height=\"10\"/>"
        + "<text class=\"tick\" x=\"\(place + 14)\" y=\"17\">\(series[index].name)</text>"
    }.joined()
  }
}

extension String {
  /// With what has a meaning in HTML written as it is.
  var escapedForHTML: String {
    reduce(into: "") { text, character in
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      default: text.append(character)
      }
    }
  }
}
