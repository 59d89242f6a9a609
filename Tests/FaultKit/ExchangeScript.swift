/// A conversation of `proto-spec/examples`: lines to send, and the lines that must come back.
package struct ExchangeScript: Sendable {
  /// One line to send with the answers to it.
  package struct Step: Sendable {
    package let line: Int
    package let request: String
    package var answers: [String]
  }

  package let steps: [Step]

  package init(_ text: String) {
    var steps: [Step] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasPrefix("→ ") {
        steps.append(Step(line: index + 1, request: String(line.dropFirst(2)), answers: []))
      } else if line.hasPrefix("← "), let last = steps.indices.last {
        steps[last].answers.append(String(line.dropFirst(2)))
      }
    }
    self.steps = steps
  }

  /// Holds the conversation on `client`; returns what came differently than written.
  package func replay(on client: LineClient) throws -> [String] {
    var matcher = PlaceholderMatcher()
    var problems: [String] = []
    for step in steps {
      try client.send(line: matcher.filled(step.request))
      for expected in step.answers {
        let got = try client.readJSON()
        guard let pattern = JSON(parsing: expected) else {
          problems.append("line \(step.line): the example's answer is no JSON")
          continue
        }
        if let problem = matcher.mismatch(pattern, got, at: "$") {
          problems.append("line \(step.line): \(problem) in \(got)")
        }
      }
    }
    return problems
  }
}

/// Compares answers with patterns that have placeholders, and remembers what the labels stood for.
package struct PlaceholderMatcher {
  private var remembered: [String: JSON] = [:]

  package init() {}

  /// A line to send, with what was remembered in place of its labels.
  package func filled(_ line: String) -> String {
    guard line.contains("\"<"), let value = JSON(parsing: line) else { return line }
    return filled(value).line
  }

  private func filled(_ value: JSON) -> JSON {
    switch value {
    case .string(let text): Self.label(text).flatMap { remembered[$0] } ?? value
    case .array(let items): .array(items.map { filled($0) })
    case .object(let members): .object(members.mapValues { filled($0) })
    default: value
    }
  }

  /// Where `got` is not what `pattern` says; nil when it is.
  package mutating func mismatch(_ pattern: JSON, _ got: JSON, at path: String) -> String? {
    switch (pattern, got) {
    case (.string(let text), _) where Self.kind(text) != nil:
      return mismatch(placeholder: text, got, at: path)
    case (.array(let patterns), .array(let items)):
      guard patterns.count == items.count else { return "\(path): \(items.count) elements" }
      for (index, pair) in zip(patterns, items).enumerated() {
        if let problem = mismatch(pair.0, pair.1, at: "\(path)[\(index)]") { return problem }
      }
      return nil
    case (.object(let patterns), .object(let members)):
      let names = Set(patterns.keys).symmetricDifference(members.keys)
      guard names.isEmpty else { return "\(path): missing or too many: \(names.sorted())" }
      for (name, pattern) in patterns.sorted(by: { $0.key < $1.key }) {
        if let problem = mismatch(pattern, members[name] ?? .null, at: "\(path).\(name)") {
          return problem
        }
      }
      return nil
    default: return pattern == got ? nil : "\(path): not \(pattern)"
    }
  }

  private mutating func mismatch(
    placeholder text: String, _ got: JSON, at path: String
  ) -> String? {
    if let label = Self.label(text) {
      if let before = remembered[label] {
        return before == got ? nil : "\(path): \(label) was \(before)"
      }
      remembered[label] = got
    }
    return Self.isOfKind(Self.kind(text) ?? "", got) ? nil : "\(path): not \(text)"
  }

  private static func isOfKind(_ kind: Substring, _ value: JSON) -> Bool {
    switch kind {
    case "any": true
    case "string": value.text != nil
    case "int": value.int != nil
    case "number": if case .number = value { true } else { false }
    case "digits": value.text?.wholeMatch(of: /[0-9]+/) != nil
    case "time":
      value.text?.wholeMatch(
        of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/) != nil
    case "ip": value.text.map { AddressText.isCanonical($0) } ?? false
    case "ipv4", "ipv6":
      value.text.map {
        AddressText.isCanonical($0) && AddressText.isIPv6($0) == (kind == "ipv6")
      } ?? false
    default: false
    }
  }

  /// The kind of a string that is nothing but a placeholder.
  private static func kind(_ text: String) -> Substring? {
    guard text.hasPrefix("<"), text.hasSuffix(">") else { return nil }
    return text.dropFirst().dropLast().prefix { $0 != ":" }
  }

  private static func label(_ text: String) -> String? {
    guard kind(text) != nil, let colon = text.firstIndex(of: ":") else { return nil }
    return String(text[text.index(after: colon)...].dropLast())
  }
}
