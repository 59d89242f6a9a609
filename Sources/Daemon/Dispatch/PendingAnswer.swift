import Allocation
import BasicContainers
import LineProtocol

/// A request whose changes are on their way to the disk.
struct PendingAnswer {
  enum Kind {
    case podReserve
    case podRelease
    case service
    case serviceRelease
    case nodeRegister
    case nodeRelease(isForced: Bool)
  }

  let reply: Reply
  let method: Method
  let kind: Kind

  /// Its changes in the batch: from `first` up to `end`.
  let first: Int
  let end: Int

  /// Monotonic nanoseconds.
  let started: Int64
}

/// A request as the methods see it.
struct Request {
  let head: RequestHead
  let caller: Caller
  let reply: Reply

  /// The method's params, read from the line.
  func params<Params: MethodParams>(
    _ type: Params.Type, _ line: Span<UInt8>, _ limits: ProtocolLimits
  ) throws(ErrorReply) -> Params {
    try Params(line: line, object: head.params, limits: limits)
  }
}

/// Batches that have come back, with their storage.
struct SpareBatches: ~Copyable {
  private var batches = UniqueArray<ChangeBatch>()
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
