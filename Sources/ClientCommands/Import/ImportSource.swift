import IPLedgerClient

/// Where objects come from, and how they are written there.
enum ImportSource {
  /// Reads what is at `path`: a folder is host-local's, a file says itself what it is.
  static func read(
    _ path: String, node: String?, namesFile: String?, primary: String
  ) throws -> [ImportEntry] {
    if let files = try Console.folder(path) {
      guard let node else {
        throw CommandFailure(
          .usage, "host-local does not say which node its addresses are of",
          next: "name the node with --node")
      }
      let names = try namesFile.map { try JSON(file: $0) } ?? .null
      return try ImportEntry.hostLocal(
        files, node: node, names: ImportEntry.names(ofContainers: names))
    }
    let text = String(decoding: try Console.read(path), as: UTF8.self)
    let first = text.first { !$0.isWhitespace }
    if first == "{" {
      let value = try JSON(text: text, from: path)
      if let exported = ImportEntry.exported(value) { return exported }
    }
    let heading = text.prefix { !$0.isNewline }
    if first != "{", heading.contains(","), heading.contains("kind") {
      return try ImportEntry.csv(text, name: path)
    }
    return try ImportEntry.kubernetes(ManifestFile(text, name: path), primary: primary)
  }
}

extension JSON {
  /// The value in a file.
  init(file path: String) throws {
    try self.init(text: String(decoding: try Console.read(path), as: UTF8.self), from: path)
  }

  init(text: String, from path: String) throws {
    do {
      self = try JSON(text: text)
    } catch {
      throw CommandFailure(.invalid, "\(path) is no JSON: \(error)", next: "correct that place")
    }
  }
}
