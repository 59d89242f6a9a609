import Foundation

/// Where a report goes.
struct ReportOutput {
  /// A file for JSON, `-` for standard output; nil: no JSON.
  var json: String?

  func write(_ report: Report) throws {
    if json != "-" { print(report.table) }
    guard let json else { return }
    let text = try report.json()
    if json == "-" {
      print(text)
    } else {
      try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: json))
    }
  }
}
