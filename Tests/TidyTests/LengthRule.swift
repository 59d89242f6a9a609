/// Nothing grows beyond what a reader takes in at once.
enum LengthRule {
  static let mostLines = 400
  static let mostFunctionLines = 70
  static let mostColumns = 100

  static func offences(in source: SwiftSource) -> [Offence] {
    fileOffences(source) + functionOffences(source) + lineOffences(source)
  }

  private static func fileOffences(_ source: SwiftSource) -> [Offence] {
    let count = source.lines.last?.isEmpty == true ? source.lines.count - 1 : source.lines.count
    guard count > mostLines else { return [] }
    return [source.offence(mostLines + 1, "the file has \(count) lines: at most \(mostLines)")]
  }

  private static func functionOffences(_ source: SwiftSource) -> [Offence] {
    SwiftFunction.all(in: source).filter { $0.lines.count > mostFunctionLines }.map {
      source.offence(
        $0.lines.lowerBound,
        "'\($0.name)' has \($0.lines.count) lines: at most \(mostFunctionLines)")
    }
  }

  private static func lineOffences(_ source: SwiftSource) -> [Offence] {
    // Tests hold whole protocol lines as literals; their code is the formatter's to judge.
    guard !source.path.contains("Tests/") else { return [] }
    return source.lines.indices.filter { source.lines[$0].count > mostColumns }.map {
      source.offence($0 + 1, "\(source.lines[$0].count) columns: at most \(mostColumns)")
    }
  }
}
