/// How far long work is, on a terminal only: one line that is written over.
struct Progress {
  private let title: String
  private let count: Int
  private let isShown: Bool
  private var done = 0
  private var shown = -1

  /// Short work shows nothing.
  init(_ title: String, of count: Int) {
    self.title = title
    self.count = count
    isShown = Console.hasTerminalErrors && count > 200
  }

  mutating func step(by number: Int = 1) {
    done += number
    guard isShown, count > 0 else { return }
    let percent = min(done * 100 / count, 100)
    guard percent != shown else { return }
    shown = percent
    Console.complain("\r" + Self.line(title, percent))
  }

  /// Takes the line away.
  func end() {
    guard isShown else { return }
    Console.complain("\r" + String(repeating: " ", count: Self.line(title, 100).count) + "\r")
  }

  /// `Asking [#####               ]  25%`.
  static func line(_ title: String, _ percent: Int) -> String {
    let full = percent / 5
    let bar = String(repeating: "#", count: full) + String(repeating: " ", count: 20 - full)
    return "\(title) [\(bar)] \("\(percent)".padded(to: 3, atEnd: false))%"
  }
}
