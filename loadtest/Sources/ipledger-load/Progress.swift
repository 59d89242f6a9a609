import Glibc

/// One line on a terminal that says how far a load is; nothing anywhere else.
struct Progress {
  private let isOn: Bool
  private let title: String
  private var shownAt: UInt64 = 0
  private static let gap: UInt64 = 200_000_000

  init(_ title: String, isOn: Bool = isatty(2) == 1) {
    self.title = title
    self.isOn = isOn
  }

  mutating func show(_ figures: Figures, at now: UInt64) {
    guard isOn, now >= shownAt + Self.gap, let interval = figures.intervals.last else { return }
    shownAt = now
    write("\r\u{1B}[K" + Self.line(title, figures, interval))
  }

  /// Takes the line away.
  func end() {
    if isOn, shownAt > 0 { write("\r\u{1B}[K") }
  }

  static func line(_ title: String, _ figures: Figures, _ interval: Figures.Interval) -> String {
    let errors = figures.failed == 0 ? "" : "  \(figures.failed) errors"
    let line =
      "\(title)  \(whole(interval.seconds)) s  \(whole(interval.perSecond))/s  "
      + "p99 \(fixed(interval.p99 / 1_000, 2)) ms  \(figures.answered) answers\(errors)"
    return String(line.prefix(79))
  }

  private func write(_ text: String) {
    var bytes = Array(text.utf8)
    // Proof: the array's bytes are valid for the length of the call.
    _ = unsafe Glibc.write(2, &bytes, bytes.count)
  }
}
