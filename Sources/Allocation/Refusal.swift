package import Addressing

/// Who holds something.
package enum OwnerName: Sendable, Equatable {
  case pod(
    namespace: String, name: String, containerID: String?, interface: String, network: String)
  case service(namespace: String, name: String)
  case node(name: String)
  case range(name: String)
}

/// The numbers behind an exhausted range.
package struct Exhaustion: Sendable, Equatable {
  package let range: CIDR
  package let capacity: UInt128
  package let reserved: UInt128
  package let excluded: UInt128
  package let quarantined: UInt128

  /// It hands out nothing new, however much is free.
  package let isDraining: Bool
}

/// Why the engine did not do what was asked; nothing has changed then, doubt about fsync excepted.
package enum Refusal: Error, Sendable, Equatable {
  case invalid([Cause])
  case exhausted(Exhaustion)
  case alreadyReserved(IPAddress, field: String, owner: OwnerName?)
  /// Of a configured family, but in no range or never handed out.
  case outOfRange(IPAddress, field: String, message: String, ranges: [CIDR])
  case notFound(Cause)
  case conflict(message: String, revision: UInt64?, owner: OwnerName?)
  /// Something that it would change is not on the node that it has to keep to.
  case outOfScope
  /// Too much is waiting for the disk.
  case overloaded
  case shuttingDown
  case ledger(LedgerFailure)
}

/// What came of a request that was not refused.
package enum Decision<Answer: Sendable>: Sendable {
  /// Nothing has to be written: this is the answer.
  ///
  /// Apart from the decision, which else would be as large as an answer wherever it is passed on.
  indirect case answered(Answer)
  /// A record, or several, are in the batch; the answer follows from them once they are durable.
  case recorded
  /// The same as an earlier operation of this transaction has asked for: its change in the batch.
  case repeats(Int)
  /// Something that it depends on is on its way to the disk; the waiter will be woken.
  case wait
}
