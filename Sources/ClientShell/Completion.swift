/// How a line might go on.
struct Completion: Sendable, Hashable {
  /// How many characters before the cursor a choice replaces.
  let replacedCount: Int

  /// In order, without repeats.
  let choices: [String]

  /// What all choices begin with.
  var sharedPrefix: String {
    guard var shared = choices.first else { return "" }
    for choice in choices.dropFirst() {
      shared = String(zip(shared, choice).prefix { $0 == $1 }.map(\.0))
    }
    return shared
  }

  /// - Parameters:
  ///   - text: what stands before the cursor.
  ///   - names: the objects that there are, for a param of this name.
  init(_ text: String, _ catalogue: MethodCatalogue, names: (String) -> [String]) {
    let words = text.split(omittingEmptySubsequences: false) { $0.isWhitespace }
    let last = String(words.last ?? "")
    let before = words.dropLast().filter { !$0.isEmpty }.map { String($0) }
    guard let first = before.first else {
      self.init(last, from: catalogue.methods.map { $0.name + " " } + ["exit ", "help "])
      return
    }
    if first == "help" {
      self.init(last, from: catalogue.methods.map(\.name))
      return
    }
    let params = catalogue.method(first)?.params ?? []
    guard let sign = last.firstIndex(of: "=") else {
      let written = Set(before.dropFirst().compactMap { $0.split(separator: "=").first })
      let open = params.filter { !written.contains(Substring($0.name)) && $0.name != "deadline" }
      self.init(last, from: open.map { $0.name + "=" })
      return
    }
    let name = String(last[..<sign])
    let value = String(last[last.index(after: sign)...])
    let param = params.first { $0.name == name }
    let isFlag = param?.kind == .flag
    let choices = isFlag ? ["false", "true"] : param?.choices ?? []
    self.init(value, from: (choices.isEmpty ? names(name) : choices).map { $0 + " " })
  }

  private init(_ written: String, from all: [String]) {
    replacedCount = written.count
    choices = Set(all.filter { $0.hasPrefix(written) }).sorted()
  }
}
