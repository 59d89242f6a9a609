internal import IPLedgerClient

/// Reads members of one object of the configuration; what is wrong is named by its path.
struct ConfigObject {
  let json: JSON

  /// As `ipam`; empty for the whole.
  let path: String

  private func fieldPath(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  func wrong(_ name: String, _ what: String) -> PluginError {
    PluginError(.invalidConfig, "\(fieldPath(name)) \(what)")
  }

  /// A text that is not empty; set but empty is absent.
  func text(_ name: String) throws(PluginError) -> String? {
    guard let value = json.find(name) else { return nil }
    guard let text = value.string else { throw wrong(name, "must be a string") }
    return text.isEmpty ? nil : text
  }

  func flag(_ name: String) throws(PluginError) -> Bool? {
    guard let value = json.find(name) else { return nil }
    guard let flag = value.bool else { throw wrong(name, "must be true or false") }
    return flag
  }

  func number(_ name: String, in range: ClosedRange<Int64>) throws(PluginError) -> Int? {
    guard let value = json.find(name) else { return nil }
    guard let number = value.int, range.contains(number) else {
      throw wrong(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return Int(number)
  }

  func list(_ name: String) throws(PluginError) -> [JSON]? {
    guard let value = json.find(name) else { return nil }
    guard let list = value.array else { throw wrong(name, "must be a list") }
    return list
  }

  func object(_ name: String) throws(PluginError) -> ConfigObject? {
    guard let value = json.find(name) else { return nil }
    guard value.members != nil else { throw wrong(name, "must be an object") }
    return ConfigObject(json: value, path: fieldPath(name))
  }

  func strings(_ name: String) throws(PluginError) -> [String] {
    let list = try list(name) ?? []
    let strings = list.compactMap(\.string)
    guard strings.count == list.count else { throw wrong(name, "must be a list of strings") }
    return strings.filter { !$0.isEmpty }
  }
}
