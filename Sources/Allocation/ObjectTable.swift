import AddressBitmap
import Dispatch

/// Names an entry: its kind, its shard and its place there.
struct ObjectHandle: Sendable, Equatable {
  static let indexLimit: UInt32 = 1 << 26
  static let shardCount = 16

  let number: UInt32

  init(number: UInt32) {
    self.number = number
  }

  /// A kind takes two bits: ranges, the fourth, are 0 there.
  init(kind: ObjectKind, shard: Int, index: UInt32) {
    number = UInt32(kind.rawValue & 3) << 30 | UInt32(shard) << 26 | index
  }

  var kind: ObjectKind? {
    let bits = UInt8(number >> 30)
    return bits == 0 ? .range : ObjectKind(rawValue: bits)
  }
  var shard: Int { Int(number >> 26 & 15) }
  var index: UInt32 { number & (Self.indexLimit - 1) }
}

/// The owner index of one kind of object: shards by key, each with its lock.
///
/// A lock is held for one decision, never across a commit.
final class ObjectTable: Sendable {
  let kind: ObjectKind
  let hash: ByteHash
  private let shards: UniqueBuffer<Locked<ObjectShard>>

  init(kind: ObjectKind, hash: ByteHash) {
    self.kind = kind
    self.hash = hash
    var shards = UniqueBuffer<Locked<ObjectShard>>()
    for _ in 0..<ObjectHandle.shardCount { shards.append(Locked(ObjectShard())) }
    self.shards = shards
  }

  /// Runs `body` on the shard under its lock.
  @inline(__always)
  func withShard<Result: Sendable, Failure: Error>(
    _ shard: Int, _ body: (inout ObjectShard) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try shards[shard].withLock { state throws(Failure) in try body(&state) }
  }

  /// The shard of a hash: of the name for pods, so that all reservations of one pod meet in one
  /// shard; of the key for everything else.
  func shard(of hash: UInt32) -> Int { Int(hash >> 28) }

  /// The hash of the namespace and name inside a pod's key.
  func nameHash(_ object: PackedObject) -> UInt32? {
    guard kind == .pod else { return nil }
    return hash(object.bytes.span.extracting(object.podNameRange))
  }

  func keyHash(_ object: PackedObject) -> UInt32 {
    hash(object.bytes.span.extracting(object.keyRange))
  }

  func shard(of object: PackedObject) -> Int {
    shard(of: nameHash(object) ?? keyHash(object))
  }

  /// Makes room for `count` objects at once.
  func reserve(_ count: Int) {
    for index in 0..<shards.count { withShard(index) { $0.reserve(count / shards.count) } }
  }

  /// Makes what was restored found, on all processors.
  func mapRestored() {
    DispatchQueue.concurrentPerform(iterations: shards.count) { index in
      withShard(index) { $0.mapRestored() }
    }
  }

  var visibleCount: Int {
    (0..<shards.count).reduce(0) { sum, index in sum + withShard(index) { $0.visibleCount } }
  }

  /// One page of what is visible, in key order over all shards.
  ///
  /// It may have fewer entries than its limit, and even none, and not be the last.
  func page(_ query: EntryQuery, where isWanted: (Entry) -> Bool) -> EntryPage {
    var pages: [EntryPage] = []
    for index in 0..<shards.count {
      pages.append(withShard(index) { $0.page(query, where: isWanted) })
    }
    return .merged(pages, limit: query.limit)
  }
}

extension PackedObject {
  /// Namespace and name inside a pod's key, with the NUL between them.
  var podNameRange: Range<Int> {
    let end = keyRange.upperBound
    var position = keyRange.lowerBound
    while position < end, bytes[position] != 0 { position += 1 }
    let start = position + 1
    var separators = 0
    position = start
    while position < end {
      if bytes[position] == 0 {
        separators += 1
        if separators == 2 { break }
      }
      position += 1
    }
    return start..<position
  }
}
