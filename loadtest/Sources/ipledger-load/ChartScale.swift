import Foundation

/// Where values stand on an axis, and which of them are written at it.
enum ChartScale: Equatable {
  /// From 0 on.
  case linear(end: Double)
  /// Between two powers of ten.
  case logarithmic(first: Int, last: Int)
  /// Nines: 0, 0.9, 0.99, … are as far from each other.
  case nines(last: Double)

  static func linear(upTo value: Double) -> ChartScale {
    let step = step(value)
    return .linear(end: max(step, (value / step).rounded(.up) * step))
  }

  /// - Parameter values: those above 0 count.
  static func logarithmic(_ values: [Double]) -> ChartScale {
    let logs = values.filter { $0 > 0 }.map { log10($0) }
    let first = Int((logs.min() ?? 0).rounded(.down))
    let last = Int((logs.max() ?? 1).rounded(.up))
    return .logarithmic(first: first, last: max(last, first + 1))
  }

  /// How far along the axis a value stands: from 0 to 1.
  func place(_ value: Double) -> Double {
    switch self {
    case .linear(let end): min(1, max(0, value / end))
    case .logarithmic(let first, let last):
      value <= 0 ? 0 : min(1, max(0, (log10(value) - Double(first)) / Double(last - first)))
    case .nines(let last): min(1, max(0, Self.nines(value) / Self.nines(last)))
    }
  }

  var ticks: [Double] {
    switch self {
    case .linear(let end):
      let step = Self.step(end)
      // A little more than whole: the end itself is one of them.
      return (0...Int((end / step + 1e-9).rounded(.down))).map { Double($0) * step }
    case .logarithmic(let first, let last): return (first...last).map { pow(10, Double($0)) }
    case .nines(let last):
      return [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999].filter { $0 <= last }
    }
  }

  private static func nines(_ fraction: Double) -> Double { -log10(max(1 - fraction, 1e-9)) }

  /// 1, 2 or 5 times a power of ten, of which a value has four to ten.
  private static func step(_ value: Double) -> Double {
    guard value > 0 else { return 1 }
    let rough = value / 5
    let power = pow(10, log10(rough).rounded(.down))
    return ([1, 2, 5].first { $0 * power >= rough } ?? 10) * power
  }
}
