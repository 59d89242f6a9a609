import Addressing
import Allocation

/// What is to be done to the derived tables for one window of records, in the order of the tables.
///
/// A long window touches each page of the tables once, where short ones write the same pages again
/// and again. So that no commit waits for all of it, it is applied in slices, each in a transaction
/// of its own; `LedgerMeta.target` says that one is under way. After a restart the rest follows:
/// to apply a part of it twice changes nothing.
struct DerivationPlan: Sendable {
  private let outcomes: [DerivationWindow.Outcome]
  private let trail: [TrailStep]
  let cursors: [DerivationWindow.CursorKey: StoredCursor]

  /// Nodes that were released in the window: what the table says of their cursors is void.
  let droppedNodes: Set<[UInt8]>

  /// The newest revision of the window.
  let last: UInt64

  /// Another process has begun it, and nobody knows how far it came.
  let isResumed: Bool

  /// Rows that are applied, those of the state first.
  private var position = 0

  init(_ window: DerivationWindow, isResumed: Bool = false) {
    outcomes = window.sortedOutcomes
    trail = window.sortedTrail
    cursors = window.cursors
    droppedNodes = window.droppedNodes
    last = window.last
    self.isResumed = isResumed
  }

  /// Rows of the state and of the trail.
  struct Rows {
    let outcomes: ArraySlice<DerivationWindow.Outcome>
    let trail: ArraySlice<TrailStep>

    /// Whether nothing is left behind them.
    let areLast: Bool
  }

  /// The next `count` rows, or all that are left.
  func next(atMost count: Int?) -> Rows {
    let all = outcomes.count + trail.count
    let end = min(position + (count ?? all), all)
    return Rows(
      outcomes: outcomes[min(position, outcomes.count)..<min(end, outcomes.count)],
      trail: trail[max(0, position - outcomes.count)..<max(0, end - outcomes.count)],
      areLast: end == all)
  }

  /// Goes on behind `count` rows that are durable.
  mutating func move(by count: Int) { position += count }

  /// The objects of one kind that the window has a word on, in the order of the table: what they
  /// are behind it; nil for those that have ended.
  func objects(of kind: ObjectKind) -> [(key: OwnerKey, object: StoredObject?)] {
    outcomes.filter { $0.last.kind == kind }.map { outcome in
      let record = outcome.last
      let key = OwnerKey(kind: kind, object: record.object)
      guard !record.isEnd else { return (key, nil) }
      return (
        key,
        StoredObject(
          kind: kind, object: record.object,
          generation: record.origin.generation(in: record.revision),
          reservedAt: record.origin.reservedAt ?? record.time)
      )
    }
  }
}
