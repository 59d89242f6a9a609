/// A pod's labels, still in the line that asked for them.
package struct LabelText: Sendable, Hashable {
  /// Where the object starts in the line.
  private let start: Int

  /// How many labels there are.
  package let count: Int

  /// The most labels of one pod.
  package static let mostLabels = 16

  /// The most bytes of a label's name, and of its value.
  package static let mostBytes = 253

  init(start: Int, count: Int) {
    self.start = start
    self.count = count
  }

  /// Adds the labels as compact JSON, ordered by the bytes of their names: equal labels give equal
  /// bytes, however they were sent.
  package func appendCanonical(to bytes: inout [UInt8], from line: Span<UInt8>) {
    var writer = JSONWriter()
    writer.beginObject()
    for (name, value) in sorted(in: line) {
      writer.name(utf8: name.span)
      writer.value(utf8: value.span)
    }
    writer.endObject()
    bytes.append(contentsOf: writer.bytes)
  }

  package func pairs(in line: Span<UInt8>) -> [String: String] {
    var pairs: [String: String] = [:]
    for (name, value) in sorted(in: line) {
      pairs[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
    }
    return pairs
  }

  private func sorted(in line: Span<UInt8>) -> [(name: [UInt8], value: [UInt8])] {
    var reader = JSONReader(line, at: start)
    var labels: [(name: [UInt8], value: [UInt8])] = []
    reader.enter()
    while let key = reader.nextKey() {
      guard reader.kind == .string else {
        reader.skip()
        continue
      }
      let text = reader.text()
      var label: (name: [UInt8], value: [UInt8]) = ([], [])
      key.append(to: &label.name, from: line)
      text.append(to: &label.value, from: line)
      labels.append(label)
    }
    return labels.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }
}
