import Foundation
import Testing

@testable import Daemon

/// A page of the manual in mdoc: what is written by hand, and what follows from the settings.
struct ManualPage: Sendable, CustomTestStringConvertible {
  /// As a file is called: `ipledgerd.8`.
  let name: String
  let text: String

  var testDescription: String { name }

  static let all = [daemon, file]

  static let folder: URL = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    return root.appendingPathComponent("ops/man")
  }()

  /// Text as roff takes it: no character and no start of a line is a command.
  static func escaped(_ text: String) -> String {
    let plain = text.replacing("\\", with: "\\e").replacing("…", with: "...")
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }

  /// Text as an argument of a macro.
  static func quoted(_ text: String) -> String {
    "\"" + escaped(text).replacing("\"", with: "\\(dq") + "\""
  }

  /// Each sentence has a line of its own, as the language wants it.
  static func sentences(_ text: String) -> String {
    escaped(text).replacing(". ", with: ".\n").replacing("; ", with: ";\n")
  }

  static func standard(_ setting: Setting) -> String {
    "Standard: " + sentences(setting.row.standard) + "."
  }

  /// The values that the form allows, where the placeholder does not say it.
  static func allowed(_ setting: Setting) -> String? {
    switch setting.form {
    case .number(let range): "From \(range.lowerBound) to \(range.upperBound)."
    case .boolean: "One of true and false."
    case .choice(let names): "One of " + names.joined(separator: ", ") + "."
    case .list: "A list."
    case .text: nil
    }
  }

  static let flags = Setting.allCases
    .map { setting in
      """
      .It Fl -\(setting.flag) Ar \(quoted(setting.row.placeholder))
      \(sentences(setting.row.help))
      \(standard(setting))
      """
    }
    .joined(separator: "\n")

  static let keys = Setting.allCases
    .map { setting in
      let lines = [
        ".It Ic \(setting.key)", sentences(setting.row.help), allowed(setting), standard(setting),
        "Flag:", ".Fl -\(setting.flag) ;", "variable:", ".Ev \(setting.environmentName) .",
      ]
      return lines.compactMap { $0 }.joined(separator: "\n")
    }
    .joined(separator: "\n")
}
