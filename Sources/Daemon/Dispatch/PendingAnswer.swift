import Addressing
import Allocation
import LineProtocol

/// A request whose changes are on their way to the disk.
struct PendingAnswer: ~Copyable {
  enum Kind {
    case podReserve
    case podRelease
    case podReconcile
    case service
    case serviceRelease
    case nodeRegister
    case nodeRelease(isForced: Bool)

    /// - Parameter excluding: the blocks that it excludes or includes; nil: it is about one range.
    case range(excluding: [CIDR]?)

    /// A release that found nothing, whose answer has the revision of the change before it.
    case nothing((UInt64) -> Void)
  }

  let reply: Reply
  let method: Method
  let kind: Kind

  /// Its changes in the batch: from `first` up to `end`.
  let first: Int
  let end: Int

  /// It asked again for what an earlier call of its transaction does.
  let isRepeat: Bool

  /// Monotonic nanoseconds.
  let started: Int64
}
