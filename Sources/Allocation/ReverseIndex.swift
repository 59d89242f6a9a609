import AddressBitmap
import Addressing
import Dispatch

/// From a hash of what an object holds (an address, a node and container) to its handle.
///
/// Sharded, each shard under a lock of its own that is never held while another is taken. What it
/// answers are candidates: whoever asks looks at the entry, under the entry's lock.
final class ReverseIndex: Sendable {
  private let shards: UniqueBuffer<Locked<HandleMap>>

  init() {
    var shards = UniqueBuffer<Locked<HandleMap>>()
    for _ in 0..<ObjectHandle.shardCount { shards.append(Locked(HandleMap())) }
    self.shards = shards
  }

  /// Makes room for `count` objects at once.
  func reserve(_ count: Int) {
    for index in shards.indices {
      shards[index].withLock { $0.reserve(count / shards.count) }
    }
  }

  /// Inserts what was postponed, on all processors.
  func insert(_ postponed: borrowing Postponed) {
    let handles = postponed.shards
    DispatchQueue.concurrentPerform(iterations: shards.count) { index in
      shards[index].withLock { $0.insert(handles[index]) }
    }
  }

  /// What is to be inserted together, by shard.
  struct Postponed: ~Copyable {
    fileprivate var shards = [[HandleMap.Postponed]](
      repeating: [], count: ObjectHandle.shardCount)

    mutating func append(_ hash: UInt32, _ handle: ObjectHandle) {
      shards[Int(hash >> 28)].append(HandleMap.Postponed(hash, handle.number))
    }
  }

  func insert(_ hash: UInt32, _ handle: ObjectHandle) {
    shards[Int(hash >> 28)].withLock { $0.insert(hash, handle.number) }
  }

  func remove(_ hash: UInt32, _ handle: ObjectHandle) {
    shards[Int(hash >> 28)].withLock { $0.remove(hash, handle.number) }
  }

  func candidates(_ hash: UInt32) -> [ObjectHandle] {
    shards[Int(hash >> 28)].withLock { map in
      var found: [ObjectHandle] = []
      _ = map.first(hash) { number in
        found.append(ObjectHandle(number: number))
        return false
      }
      return found
    }
  }
}

extension ByteHash {
  /// Eight neighbours stand side by side in a map, in one line of the cache, for addresses are
  /// taken one after the other.
  func callAsFunction(_ address: IPAddress) -> UInt32 {
    let line = self(address.value &>> 3 ^ UInt128(address.family.rawValue) << 120)
    return line & ~7 | UInt32(truncatingIfNeeded: address.value & 7)
  }
}
