import IPLedgerClient

extension JSON {
  /// A value for a cell of a table: strings plain, lists with commas, nothing as `-`.
  var cell: String {
    switch self {
    case .null: "-"
    case .bool(let value): value ? "yes" : "no"
    case .int(let number): "\(number)"
    case .number(let text): text
    case .string(let text): text.isEmpty ? "-" : text.printable
    case .array(let elements): elements.isEmpty ? "-" : elements.map(\.cell).joined(separator: ",")
    case .object(let members):
      members.isEmpty
        ? "-" : members.map { "\($0.name.printable)=\($0.value.cell)" }.joined(separator: ",")
    }
  }

  /// The cell at a path of member names, separated by dots.
  func text(at path: String) -> String {
    var value = self
    for name in path.split(separator: ".") {
      guard let next = value[String(name)] else { return "-" }
      value = next
    }
    return value.cell
  }

  /// Many lines, two spaces a level.
  var indented: String {
    var text = ""
    indent(into: &text, "")
    return text + "\n"
  }

  private func indent(into text: inout String, _ margin: String) {
    switch self {
    case .array(let elements) where !elements.isEmpty:
      text += "["
      for (index, element) in elements.enumerated() {
        text += (index == 0 ? "\n" : ",\n") + margin + "  "
        element.indent(into: &text, margin + "  ")
      }
      text += "\n\(margin)]"
    case .object(let members) where !members.isEmpty:
      text += "{"
      for (index, member) in members.enumerated() {
        text += (index == 0 ? "\n" : ",\n") + margin + "  "
        text += JSON.string(member.name).text + ": "
        member.value.indent(into: &text, margin + "  ")
      }
      text += "\n\(margin)}"
    default: text += self.text
    }
  }

  /// Members one a line, the names padded; what is inside others is indented.
  func described(_ palette: Palette, margin: String = "") -> String {
    guard let members else { return margin + cell + "\n" }
    let plain = members.filter { !$0.value.isNested }
    let width = (plain.map(\.name.columns).max() ?? 0) + 1
    return members.map { member in
      let inner = margin + "  "
      guard member.value.isNested else {
        let name = palette.bold((member.name + ":").padded(to: width))
        return "\(margin)\(name)  \(member.value.cell)\n"
      }
      let heading = "\(margin)\(palette.bold(member.name + ":"))\n"
      guard let items = member.value.array else {
        return heading + member.value.described(palette, margin: inner)
      }
      return heading
        + items.map { item in
          "\(inner)- " + item.described(palette, margin: inner + "  ").dropFirst(inner.count + 2)
        }
        .joined()
    }
    .joined()
  }

  /// Whether it takes lines of its own: it has members, or elements that have.
  private var isNested: Bool {
    switch self {
    case .object(let members): !members.isEmpty
    // Sentences stand on lines of their own.
    case .array(let items):
      items.contains { $0.members != nil || $0.string?.contains(" ") == true }
    default: false
    }
  }
}

extension String {
  /// Without control characters: what a client named must not move somebody's cursor.
  var printable: String {
    guard unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else { return self }
    return String(unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : Character($0) })
  }
}
