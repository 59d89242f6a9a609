/// What one client did to one owner, and what it heard.
///
/// Owners belong to one client each: what is asked about one owner is asked in order, and nothing
/// is sent about it while an answer is missing, unless the daemon has died meanwhile.
package struct HistoryEntry: Sendable {
  package enum Operation: Hashable, Sendable {
    case reserve
    case release
  }

  package enum Outcome: Hashable, Sendable {
    /// No answer, or OutcomeUnknown: it may have happened whole, or not at all.
    case unknown

    /// An answer that says that nothing has changed.
    case refused
    case reserved(addresses: [String], revision: Int, isExisting: Bool)

    /// An empty list is a release that found nothing.
    case released(addresses: [String], revision: Int)
  }

  package let client: Int
  package let sequence: Int
  package let owner: String
  package let operation: Operation

  /// On the monotonic clock, in nanoseconds.
  package let sent: UInt64
  package let done: UInt64
  package let outcome: Outcome

  package init(
    client: Int, sequence: Int, owner: String, operation: Operation, sent: UInt64, done: UInt64,
    outcome: Outcome
  ) {
    self.client = client
    self.sequence = sequence
    self.owner = owner
    self.operation = operation
    self.sent = sent
    self.done = done
    self.outcome = outcome
  }

  /// The revision of the record that this wrote; nil when it wrote none, or nobody knows.
  package var writtenRevision: Int? {
    switch outcome {
    case .reserved(_, let revision, let isExisting): isExisting ? nil : revision
    case .released(let addresses, let revision): addresses.isEmpty ? nil : revision
    case .unknown, .refused: nil
    }
  }
}

extension HistoryEntry: CustomStringConvertible {
  package var description: String {
    "client \(client) #\(sequence): \(operation) \(owner) → \(outcome)"
  }
}

/// What the daemon holds after the history: its own listing.
package struct HeldState: Sendable {
  package struct Holding: Hashable, Sendable {
    package let addresses: [String]
    package let revision: Int

    package init(addresses: [String], revision: Int) {
      self.addresses = addresses
      self.revision = revision
    }
  }

  /// By owner; an owner listed twice has two holdings.
  package let holdings: [(owner: String, holding: Holding)]

  /// The ledger's newest revision, and the one before the history began.
  package let newestRevision: Int
  package let oldestRevision: Int

  package init(
    holdings: [(owner: String, holding: Holding)], newestRevision: Int, oldestRevision: Int
  ) {
    self.holdings = holdings
    self.newestRevision = newestRevision
    self.oldestRevision = oldestRevision
  }
}
