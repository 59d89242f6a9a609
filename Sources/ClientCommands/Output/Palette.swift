/// Colours, where somebody sees them: on a terminal, unless NO_COLOR is set.
struct Palette: Equatable {
  let isOn: Bool

  static var ofOutput: Palette { Palette(isOn: Console.hasTerminalOutput && wantsColour) }
  static var ofErrors: Palette { Palette(isOn: Console.hasTerminalErrors && wantsColour) }
  static let none = Palette(isOn: false)

  private static var wantsColour: Bool {
    Console.variable("NO_COLOR") == nil && Console.variable("TERM") != "dumb"
  }

  func bold(_ text: String) -> String { paint(text, "1") }
  func faint(_ text: String) -> String { paint(text, "2") }
  func red(_ text: String) -> String { paint(text, "31") }
  func green(_ text: String) -> String { paint(text, "32") }
  func yellow(_ text: String) -> String { paint(text, "33") }

  func paint(_ text: String, _ code: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
