/// The key order of a shard's entries, for lists, kept off the path of requests.
///
/// What was added since the last list stands apart, unsorted, and is merged in by the next one.
/// Slots of departed entries are not used again until then. Changes that pile up without a list
/// make the order forget everything; the next list sorts anew.
struct EntryOrder: Sendable {
  private var sorted: [UInt32] = []
  private var added: [UInt32] = []
  private var departedIndices: [UInt32] = []
  private var forgotten: [UInt32] = []

  /// False: nothing is known, and nothing is kept up.
  private var isKnown = false

  mutating func inserted(_ index: UInt32) {
    if isKnown { added.append(index) }
  }

  /// Entries read in key order at start.
  mutating func appendSorted(_ index: UInt32) {
    isKnown = true
    sorted.append(index)
  }

  /// Whether the slot must be kept until the order has forgotten it.
  mutating func departed(_ index: UInt32, live: Int) -> Bool {
    guard isKnown else { return false }
    departedIndices.append(index)
    if departedIndices.count + added.count > max(4_096, live) {
      forgotten = departedIndices
      forgotten.removeLast()
      self.departedIndices = []
      sorted = []
      added = []
      isKnown = false
      return false
    }
    return true
  }

  mutating func takeForgotten() -> [UInt32] {
    guard !forgotten.isEmpty else { return [] }
    defer { forgotten = [] }
    return forgotten
  }

  /// Brings the order up to date; answers the slots that may be used again.
  mutating func settle(_ entries: [Entry]) -> [UInt32] {
    if !isKnown {
      sorted = []
      added = entries.indices.lazy
        .filter { entries[$0].phase != .vacant }.map { UInt32($0) }
      isKnown = true
    }
    guard !added.isEmpty || !departedIndices.isEmpty else { return [] }
    let fresh = added.filter { entries[Int($0)].phase != .departed }
      .sorted { Self.precedes(entries, $0, $1) }
    var merged: [UInt32] = []
    merged.reserveCapacity(sorted.count + fresh.count)
    var next = 0
    for index in sorted where entries[Int(index)].phase != .departed {
      while next < fresh.count, Self.precedes(entries, fresh[next], index) {
        merged.append(fresh[next])
        next += 1
      }
      merged.append(index)
    }
    merged.append(contentsOf: fresh[next...])
    sorted = merged
    added = []
    defer { departedIndices = [] }
    return departedIndices
  }

  /// A page of one entry more than its limit, so that a merge knows whether there is a next one.
  func page(
    _ entries: [Entry], _ query: EntryQuery, where isWanted: (Entry) -> Bool
  ) -> EntryPage {
    var page = EntryPage(entries: [], seenTo: nil)
    var position = query.start.map { firstPosition(entries, after: $0) } ?? 0
    var scanned = 0
    while position < sorted.count, page.entries.count <= query.limit {
      let entry = entries[Int(sorted[position])]
      guard query.prefix.isEmpty || entry.key.starts(with: query.prefix) else { return page }
      if entry.isVisible, isWanted(entry) { page.entries.append(entry) }
      position += 1
      scanned += 1
      if scanned == query.mostScanned, position < sorted.count {
        page.seenTo = entry.key
        return page
      }
    }
    return page
  }

  private func firstPosition(_ entries: [Entry], after key: [UInt8]) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      let object = entries[Int(sorted[middle])].object
      if key.span.precedes(object.bytes.span.extracting(object.keyRange)) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }

  private static func precedes(_ entries: [Entry], _ left: UInt32, _ right: UInt32) -> Bool {
    entries[Int(left)].object.precedes(entries[Int(right)].object)
  }
}

extension PackedObject {
  /// By key, as lists are ordered.
  func precedes(_ other: PackedObject) -> Bool {
    bytes.span.extracting(keyRange).precedes(other.bytes.span.extracting(other.keyRange))
  }
}
