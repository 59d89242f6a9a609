/// A file is named for what is in it.
enum NameRule {
  static let banned = ["Util", "Helper", "Common", "Manager"]

  static func offences(in source: SwiftSource) -> [Offence] {
    let stem = source.stem
    if let word = banned.first(where: { stem.contains($0) }) {
      return [source.offence(1, "'\(word)' says nothing about what is in the file")]
    }
    guard !source.tokens.isEmpty else { return [source.offence(1, "there is nothing in the file")] }
    let declared = declared(in: source)
    // A test's file of functions is named for what they do.
    if declared.isEmpty, source.target == nil { return [] }
    let type = String(stem.split(separator: "+").first ?? "")
    guard !declared.contains(type) else { return [] }
    return [source.offence(1, "no type \(type) is declared or extended here")]
  }

  private static func declared(in source: SwiftSource) -> Set<String> {
    let tokens = source.tokens
    let kinds: Set = ["struct", "enum", "class", "actor", "protocol", "extension", "typealias"]
    var names: Set<String> = []
    for index in tokens.indices where kinds.contains(tokens[index].text) {
      var name = index + 1
      while name < tokens.count, tokens[name].isWord {
        names.insert(tokens[name].text)
        guard name + 2 < tokens.count, tokens[name + 1].text == "." else { break }
        name += 2
      }
    }
    return names
  }
}
