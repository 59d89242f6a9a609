import AddressBitmap
import Allocation

/// Batches that have come back, with their storage.
struct SpareBatches: ~Copyable {
  private var batches = UniqueBuffer<ChangeBatch>()
  private let observer: any BatchObserver

  private static let most = 8

  init(observer: any BatchObserver) { self.observer = observer }

  mutating func take() -> ChangeBatch {
    guard !batches.isEmpty else { return ChangeBatch(observer: observer) }
    return batches.removeLast()
  }

  mutating func give(_ batch: consuming ChangeBatch) {
    guard batches.count < Self.most else { return }
    var batch = batch
    batch.reuse()
    batches.append(batch)
  }
}

/// Puts `new` in the place of what is there, which is returned.
func replace<Value: ~Copyable>(_ place: inout Value, with new: consuming Value) -> Value {
  swap(&place, &new)
  return new
}
