/// What somebody said about a setting, of the setting's form.
struct SettingValue: Sendable, Hashable {
  enum Content: Sendable, Hashable {
    case text(String)
    case list([String])
    case number(Int)
    case boolean(Bool)
  }

  let content: Content
  let source: SettingSource
}

/// Why a text does not have the form of its setting.
struct SettingFormError: Error {
  /// What would be right.
  let message: String
}

extension SettingValue {
  /// Reads a text as flags and the environment carry it: lists are separated by commas.
  init(
    _ text: String, form: Setting.Form, source: SettingSource
  ) throws(SettingFormError) {
    self.source = source
    switch form {
    case .text:
      guard !text.isEmpty else { throw SettingFormError(message: "must not be empty") }
      content = .text(text)
    case .list:
      content = .list(try Self.entries(of: text))
    case .number(let range):
      content = .number(try Self.number(text, in: range))
    case .boolean:
      guard text == "true" || text == "false" else {
        throw SettingFormError(message: "'\(text)' must be true or false")
      }
      content = .boolean(text == "true")
    case .choice(let choices):
      guard choices.contains(text) else {
        let list = choices.joined(separator: ", ")
        throw SettingFormError(message: "'\(text)' must be one of: \(list)")
      }
      content = .text(text)
    }
  }

  static func entries(of text: String) throws(SettingFormError) -> [String] {
    var entries: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let entry = part.trimmingPrefix { $0 == " " }
      let end = entry.lastIndex { $0 != " " }
      guard let end else {
        throw SettingFormError(message: "'\(text)' has an empty entry: separate by one comma")
      }
      entries.append(String(entry[...end]))
    }
    return entries
  }

  private static func number(
    _ text: String, in range: ClosedRange<Int>
  ) throws(SettingFormError) -> Int {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = Int(text), range.contains(number)
    else {
      throw SettingFormError(
        message: "'\(text)' must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
