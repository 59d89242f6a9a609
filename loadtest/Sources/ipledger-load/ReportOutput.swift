import Foundation

/// Where a report goes.
struct ReportOutput {
  /// What the page is called.
  var title: String
  /// A file for JSON, `-` for standard output; nil: no JSON.
  var json: String?
  /// A file for the page; nil: none.
  var html: String?

  /// Shows one phase's result as soon as it is there.
  func show(_ result: PhaseResult, isFirst: Bool) {
    guard json != "-" else { return }
    print((isFirst ? "" : "\n") + result.table)
  }

  /// Writes what needs all phases.
  func write(_ report: Report) throws {
    if let html { try write(HTMLReport(title: title, report: report).text, to: html) }
    guard let json else { return }
    let text = try report.json()
    if json == "-" {
      print(text)
    } else {
      try write(text + "\n", to: json)
    }
  }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }
}
