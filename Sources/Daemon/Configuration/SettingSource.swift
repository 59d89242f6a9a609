/// Where somebody gave a setting its value.
package enum SettingSource: Sendable, Hashable, CustomStringConvertible {
  /// The flag without its hyphens.
  case flag(String)

  /// The variable's name.
  case environment(String)

  /// A key of the configuration file, and the line on which it stands.
  case file(path: String, line: Int, key: String)

  /// Nobody: the standard value, of the key.
  case standard(String)

  package var description: String {
    switch self {
    case .flag(let name): "--\(name)"
    case .environment(let name): name
    case .file(let path, let line, let key):
      key.isEmpty ? "\(path):\(line)" : "\(path):\(line): \(key)"
    case .standard(let key): key
    }
  }
}
