/// Texts as they may stand in a log line: whatever a client sent, it stays one line, and no value
/// passes for two.
enum LogText {
  /// A message: control characters are written as escapes.
  static func oneLine(_ text: String) -> String {
    text.unicodeScalars.contains(where: isControl) ? escaped(text, quotes: false) : text
  }

  /// A pair's name: what would end it becomes `_`.
  static func name(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { isControl($0) || " =\"".unicodeScalars.contains($0) ? "_" : $0 }))
  }

  /// A pair's value: in quotes when it is empty or holds a space, a quote, `=` or an escape.
  static func value(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.unicodeScalars.allSatisfy { !isControl($0) && !" =\"\\".unicodeScalars.contains($0) }
    return isPlain ? text : "\"" + escaped(text, quotes: true) + "\""
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case "\"" where quotes, "\\" where quotes:
        result.append("\\")
        result.append(scalar)
      case _ where isControl(scalar):
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
