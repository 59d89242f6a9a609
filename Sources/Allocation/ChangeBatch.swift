package import AddressBitmap

/// What became of the records of a batch; they share their fate.
package enum BatchOutcome: Sendable {
  /// Change i has revision `firstRevision + i`; `time` is in milliseconds since 1970.
  case durable(firstRevision: UInt64, time: Int64)
  case failed(Refusal)
}

/// Takes a batch back once its records are durable and visible, or have been taken back.
package protocol BatchObserver: AnyObject, Sendable {
  /// Called on the thread that committed.
  func settled(_ batch: consuming ChangeBatch)
}

/// The records that one event loop gathered in one turn: handed over, committed and answered whole.
///
/// It has one owner at a time: the loop that fills it, the writer that commits it, the loop again.
package struct ChangeBatch: ~Copyable, Sendable {
  package var changes: UniqueBuffer<Change>
  package private(set) var outcome: BatchOutcome?
  let observer: any BatchObserver

  /// The transaction whose operations are being decided.
  var transaction: TransactionScope?

  package init(observer: any BatchObserver) {
    self.observer = observer
    changes = UniqueBuffer()
  }

  package var count: Int { changes.count }

  /// The revision of the first change; nil: the batch has failed, or its fate is not known.
  package var firstRevision: UInt64? {
    guard case .durable(let firstRevision, _) = outcome else { return nil }
    return firstRevision
  }

  package mutating func append(_ change: consuming Change) {
    guard transaction != nil else { return changes.append(change) }
    let index = count
    if let former = transaction?.latestChange(of: change.handle) {
      changes[former].isFollowed = true
    }
    transaction?.note(change, at: index)
    changes.append(change)
  }

  mutating func settle(_ outcome: BatchOutcome) {
    precondition(self.outcome == nil, "a batch is settled once")
    self.outcome = outcome
  }

  /// Empties the batch so that its storage serves again.
  package mutating func reuse() {
    changes.removeAll(keepingCapacity: true)
    outcome = nil
  }
}
