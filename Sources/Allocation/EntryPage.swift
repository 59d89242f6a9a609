/// What a page of a list is asked for.
struct EntryQuery {
  /// Only keys behind this one; nil: from the start.
  var after: [UInt8]?

  /// Only keys that start so; empty: all.
  var prefix: [UInt8] = []
  var limit: Int

  /// How many entries one shard looks at for one page, so that a filter which nothing passes cannot
  /// stop everybody else: 16 shards of these are a few milliseconds.
  var mostScanned = 512

  /// The key that the page starts behind.
  var start: [UInt8]? {
    guard !prefix.isEmpty else { return after }
    guard let after, prefix.span.precedes(after.span) else { return prefix }
    return after
  }
}

/// A page of entries in key order.
struct EntryPage {
  var entries: [Entry]

  /// Up to which key everything was looked at; nil: to the end.
  var seenTo: [UInt8]?

  var isLast: Bool { seenTo == nil }

  /// The pages of all shards as one: what every shard has looked at, and no more than `limit`.
  static func merged(_ pages: [EntryPage], limit: Int) -> EntryPage {
    let seen = pages.compactMap(\.seenTo).min { $0.span.precedes($1.span) }
    var entries = pages.flatMap(\.entries)
    if let seen {
      entries.removeAll { entry in
        let object = entry.object
        return seen.span.precedes(object.bytes.span.extracting(object.keyRange))
      }
    }
    entries.sort { $0.object.precedes($1.object) }
    guard entries.count > limit else { return EntryPage(entries: entries, seenTo: seen) }
    entries.removeLast(entries.count - limit)
    return EntryPage(entries: entries, seenTo: entries.last?.key)
  }
}

extension Entry {
  var key: [UInt8] { Array(object.bytes[object.keyRange]) }
}
