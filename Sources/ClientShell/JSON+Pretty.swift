internal import IPLedgerClient

extension JSON {
  /// The value over several lines, two spaces a level; short lists and objects stay on one.
  func pretty(width: Int = 80) -> String {
    var lines = ""
    write(to: &lines, indent: 0, used: 0, width: width)
    return lines
  }

  private func write(to lines: inout String, indent: Int, used: Int, width: Int) {
    let line = line
    if indent + used + line.count <= width {
      lines += line
      return
    }
    let inner = String(repeating: " ", count: indent + 2)
    let outer = String(repeating: " ", count: indent)
    switch self {
    case .array(let elements) where !elements.isEmpty:
      lines += "[\n"
      for (index, element) in elements.enumerated() {
        lines += inner
        element.write(to: &lines, indent: indent + 2, used: 1, width: width)
        lines += index + 1 < elements.count ? ",\n" : "\n"
      }
      lines += outer + "]"
    case .object(let members) where !members.isEmpty:
      lines += "{\n"
      for (index, member) in members.enumerated() {
        let name = JSON.string(member.name).text + ": "
        lines += inner + name
        member.value.write(to: &lines, indent: indent + 2, used: name.count + 1, width: width)
        lines += index + 1 < members.count ? ",\n" : "\n"
      }
      lines += outer + "}"
    default: lines += line
    }
  }

  /// On one line, with a space behind each comma and colon.
  private var line: String {
    switch self {
    case .array(let elements): "[" + elements.map(\.line).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.map { JSON.string($0.name).text + ": " + $0.value.line }
        .joined(separator: ", ") + "}"
    default: text
    }
  }
}
