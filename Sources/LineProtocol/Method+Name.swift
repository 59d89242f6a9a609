extension Method {
  /// The method of this name, byte for byte; nil when there is none.
  package init?(_ name: Span<UInt8>) {
    self.init(name, 0..<name.count)
  }

  /// The same for a name that stands at `range` of `line`.
  @inline(__always)
  init?(_ line: Span<UInt8>, _ range: Range<Int>) {
    guard let packed = PackedName(line, range) else { return nil }
    let names = Self.packedNames
    var index = 0
    while index < names.count {
      if names[index] == packed {
        self.init(rawValue: UInt8(truncatingIfNeeded: index))
        return
      }
      index &+= 1
    }
    return nil
  }

  /// By raw value, as the table.
  private static let packedNames: [PackedName] = table.compactMap { PackedName($0.name) }

  /// Methods that somebody may have meant by `name`, the likeliest first, at most five: those a few
  /// typing errors away, or else those of the same group (`pod.…`).
  package static func near(_ name: Span<UInt8>) -> [Method] {
    guard name.count <= 64 else { return [] }
    var wanted: [UInt8] = []
    for index in name.indices { wanted.append(lowercased(name[index])) }
    let close = table.map { (method: $0.method, edits: edits(wanted, Array($0.name.utf8))) }
      .filter { $0.edits <= max(2, wanted.count / 4) }
      .sorted { ($0.edits, $0.method.rawValue) < ($1.edits, $1.method.rawValue) }
    guard close.isEmpty else { return close.prefix(5).map(\.method) }
    let group = wanted.prefix { $0 != UInt8(ascii: ".") }
    guard group.count < wanted.count else { return [] }
    return Array(
      table.filter { $0.name.utf8.starts(with: group + [UInt8(ascii: ".")]) }
        .prefix(5).map(\.method))
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
  }

  /// Levenshtein's distance: single-byte insertions, deletions and replacements between the two.
  private static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (line, byte) in left.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for column in right.indices {
        let replaced = diagonal + (byte == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
