import Addressing
import Yams

// The configuration file: YAML with the keys of the table of settings.
extension SettingValues {
  mutating func take(file: ConfigurationFile) {
    var text = file.text
    // Each round sets one repeated key aside, so that the rest of the file is judged as well.
    while true {
      do {
        let root = try Parser(yaml: text, encoding: .utf8).singleRoot()
        if let root { take(root, under: "", of: file) }
        return
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        let (key, mark) = (keys.first ?? "", context.mark)
        find(
          .file(path: file.path, line: mark.line, key: key), .duplicate,
          "the key stands here and again further down: give it once")
        guard let rest = Self.settingAside(key, mark, in: text) else { return }
        text = rest
      } catch {
        let (line, problem) = Self.place(of: error)
        find(.file(path: file.path, line: line, key: ""), .invalid, "is not YAML: \(problem)")
        return
      }
    }
  }

  private mutating func take(_ node: Node, under parent: String, of file: ConfigurationFile) {
    guard let mapping = node.mapping else {
      if node.isNull { return }
      let place = SettingSource.file(path: file.path, line: node.line, key: parent)
      return find(place, .invalid, "must be keys and their values, such as 'ledger: PATH'")
    }
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        let place = SettingSource.file(path: file.path, line: key.line, key: parent)
        find(place, .invalid, "a key must be one word")
        continue
      }
      guard !name.hasPrefix(Self.asideMark) else { continue }
      let path = parent.isEmpty ? name : "\(parent).\(name)"
      let source = SettingSource.file(path: file.path, line: key.line, key: path)
      if let setting = Setting(rawValue: path) {
        take(setting, value, source)
      } else if Setting.allCases.contains(where: { $0.key.hasPrefix(path + ".") }) {
        take(value, under: path, of: file)
      } else {
        find(source, .unknown, Self.unknown(path))
      }
    }
  }

  private mutating func take(_ setting: Setting, _ node: Node, _ source: SettingSource) {
    switch node {
    case .scalar(let scalar):
      if node.isNull {
        return find(source, .required, "has no value: give it one, or leave the key out")
      }
      let isPlain = scalar.style == .plain
      switch setting.form {
      case .number where !isPlain, .boolean where !isPlain:
        find(source, .invalid, "'\(scalar.string)' must stand without quotes")
      case .text where isPlain && (node.int != nil || node.bool != nil):
        find(source, .invalid, "'\(scalar.string)' must be a text: put it into quotes")
      default:
        take(setting, text: scalar.string, from: source)
      }
    case .sequence(let nodes) where setting == .pools:
      takePools(Array(nodes), source)
    case .sequence(let nodes) where setting == .access:
      takeAccess(Array(nodes), source)
    case .sequence(let nodes) where setting.form == .list:
      let entries = nodes.compactMap { $0.isNull ? nil : $0.scalar?.string }
      guard entries.count == nodes.count else {
        return find(source, .invalid, "each entry of the list must be a text")
      }
      take(setting, SettingValue(content: .list(entries), source: source))
    default:
      let wanted = setting.form == .list ? "a list of texts" : setting.row.placeholder
      find(source, .invalid, "has the wrong type: it must be \(wanted)")
    }
  }
}

extension SettingValues {
  /// In front of the name of a key that a finding has been made of already.
  private static let asideMark = "aside\u{2063}"

  /// The text with the key at `mark` renamed, on the same lines; nil when the key is not found
  /// there, which ends the search for more.
  private static func settingAside(_ key: String, _ mark: Mark, in text: String) -> String? {
    var scalars = text.unicodeScalars
    var index = scalars.startIndex
    for _ in 1..<mark.line {
      guard let end = scalars[index...].firstIndex(of: "\n") else { return nil }
      index = scalars.index(after: end)
    }
    guard
      var start = scalars.index(index, offsetBy: mark.column - 1, limitedBy: scalars.endIndex),
      start < scalars.endIndex
    else { return nil }
    if scalars[start] == "\"" || scalars[start] == "'" { start = scalars.index(after: start) }
    guard scalars[start...].starts(with: key.unicodeScalars) else { return nil }
    scalars.insert(contentsOf: asideMark.unicodeScalars, at: start)
    return String(scalars)
  }

  private static func unknown(_ path: String) -> String {
    let plain = path.lowercased().filter { $0.isLetter || $0.isNumber }
    let meant = Setting.allCases.first { setting in
      [setting.key, setting.flag].contains {
        $0.lowercased().filter { $0.isLetter || $0.isNumber } == plain
      }
    }
    guard let meant else {
      let keys = Setting.allCases.map(\.key).joined(separator: ", ")
      return "there is no such key; there are: \(keys)"
    }
    return "there is no such key: did you mean \(meant.key)?"
  }

  private static func place(of error: any Error) -> (line: Int, problem: String) {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _),
      YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      (mark.line, problem)
    case YamlError.reader(let problem, _, _, _): (1, problem)
    default: (1, "\(error)")
    }
  }
}

extension Node {
  fileprivate var line: Int { mark?.line ?? 1 }

  /// `key:`, `key: null` and `key: ~`, without quotes.
  fileprivate var isNull: Bool { scalar?.style == .plain && null != nil }
}
