import IPLedgerClient
import Yams

/// The documents of a file, as they stand there: YAML or JSON, several of them, or a List.
struct ManifestFile {
  /// Where one object stands: in which document, and in which place of a List.
  struct Place: Hashable {
    let document: Int
    let item: Int?
  }

  private var documents: [Node]
  let name: String
  /// Whether it was written as JSON, which is YAML too.
  let isJSON: Bool

  /// Reads a file; `-` is standard input.
  init(path: String) throws {
    try self.init(String(decoding: try Console.read(path), as: UTF8.self), name: path)
  }

  init(_ text: String, name: String) throws {
    self.name = name
    isJSON = text.first { !$0.isWhitespace } == "{"
    do {
      var found: [Node] = []
      var sequence = try Yams.compose_all(yaml: text)
      while let document = sequence.next() { found.append(document) }
      if let error = sequence.error { throw error }
      documents = found.filter { $0.json != .null }
    } catch {
      throw CommandFailure(
        .invalid, "\(name): not YAML and not JSON: \(error)", next: "correct that line")
    }
    for (index, document) in documents.enumerated() where document.mapping == nil {
      throw CommandFailure(
        .invalid, "\(name): document \(index + 1) is no object",
        next: "a manifest has apiVersion, kind and metadata")
    }
  }

  /// Every object with its place, those of Lists too.
  var objects: [(place: Place, node: Node)] {
    documents.enumerated().flatMap { index, document -> [(Place, Node)] in
      guard Self.isList(document) else { return [(Place(document: index, item: nil), document)] }
      let items = document.member("items")?.sequence.map { Array($0) } ?? []
      return items.enumerated().map { (Place(document: index, item: $0), $1) }
    }
  }

  private static func isList(_ document: Node) -> Bool {
    document.member("kind")?.text?.hasSuffix("List") == true && document.member("items") != nil
  }

  /// Puts an object in its place again.
  mutating func replace(_ place: Place, with node: Node) {
    guard let item = place.item else {
      documents[place.document] = node
      return
    }
    guard var mapping = documents[place.document].mapping,
      var items = mapping.first(where: { $0.key.string == "items" })?.value.sequence
    else { return }
    items[item] = node
    mapping[Node("items")] = .sequence(items)
    documents[place.document] = .mapping(mapping)
  }

  /// All of it, as text.
  static func text(of files: [ManifestFile], asJSON: Bool) throws -> String {
    let documents = files.flatMap(\.documents)
    guard !asJSON else {
      let values = documents.compactMap(\.json)
      if values.count == 1 { return values[0].indented }
      let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(values)]
      return list.indented
    }
    return try documents.map { document in
      try Yams.serialize(node: document, width: -1, allowUnicode: true)
    }
    .joined(separator: "---\n")
  }
}
