import FaultKit
import Foundation

/// `ops/RUNBOOK.md`, as far as tests look into it.
struct Runbook {
  let text: String

  init() throws { text = try Repository.text("ops/RUNBOOK.md") }

  /// The headings of the third level: an alert or an error each.
  var sections: [String] {
    text.split(separator: "\n").filter { $0.hasPrefix("### ") }.map { String($0.dropFirst(4)) }
  }

  /// The requests that it shows: `ask METHOD [PARAMS]`, in blocks and in sentences.
  var requests: [(method: String, params: String)] {
    text.matches(of: #/(?:^|`)ask ([a-z]+\.[A-Za-z]+)(?: '([^']*)')?/#.anchorsMatchLineEndings())
      .map { (String($0.1), $0.2.map(String.init) ?? "{}") }
  }

  /// The places in the page that it points to.
  var links: [String] { text.matches(of: #/\]\(#([a-z-]+)\)/#).map { String($0.1) } }

  /// What a heading is reached by.
  var anchors: Set<String> {
    Set(
      text.split(separator: "\n").filter { $0.hasPrefix("#") }.map {
        $0.drop { $0 == "#" }.dropFirst().lowercased().replacing(" ", with: "-")
      })
  }

  /// The reasons of errors, from the contract's table.
  static func reasons() throws -> [String] {
    try Repository.text("proto-spec/PROTOCOL.md")
      .matches(of: #/\| -32[0-9]{3} \| ([A-Za-z]+) \|/#).map { String($0.1) }
  }

  /// The names of alerts.
  static func alerts() throws -> [String] {
    try Repository.text("ops/prometheus/ipledger.rules.yaml")
      .matches(of: #/- alert: ([A-Za-z]+)/#).map { String($0.1) }
  }
}
