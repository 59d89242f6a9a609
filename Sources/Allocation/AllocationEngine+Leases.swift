import AddressBitmap
import Addressing

/// Leases, and the time for which addresses are kept.
extension AllocationEngine {
  /// Ends what is over, as records of the type `expired`, at most `limit` of them.
  ///
  /// What is in flight is looked at again when that has ended; `waiter` is woken then.
  package func expire(
    atMost limit: Int, actor: String, into batch: inout ChangeBatch, waiter: any Waiter
  ) throws(Refusal) {
    try admit()
    let now = now()
    var isWaiting = false
    for handle in leases.takeEnded(now: now, atMost: limit) {
      let marked: Entry? = pods.withShard(handle.shard) { state in
        guard let entry = state.entry(handle.index) else { return nil }
        guard entry.isInFlight else { return mark(handle.index, in: &state) }
        leases.set(handle, end: now)
        isWaiting = true
        return nil
      }
      guard let entry = marked else { continue }
      if entry.isKept {
        let pod = PodObject(entry.object)
        batch.append(
          Change(
            kind: .pod, type: .expired, object: pod.unkept, actor: actor, handle: handle,
            formerPhase: entry.phase, node: runtime(of: pod, batch)))
      } else {
        batch.append(ending(entry, at: handle, .expired, actor, batch))
      }
    }
    if isWaiting { inFlight.wait(waiter) }
  }

  /// A pod's reservation or its renewal has become durable.
  func noteLease(_ change: borrowing Change, now: Int64) {
    let lease = PodObject(change.object).lease
    if let lease {
      leases.set(change.handle, end: now + Int64(lease.seconds) * 1000)
    } else if change.type == .updated {
      leases.remove(change.handle)
    }
  }

  /// A pod's addresses are kept from now on.
  func noteKept(_ handle: ObjectHandle, since now: Int64) {
    guard configuration.stickySeconds > 0 else { return leases.remove(handle) }
    leases.set(handle, end: now + Int64(configuration.stickySeconds) * 1000)
  }

  /// Nothing is left of a pod.
  func noteEnd(_ change: borrowing Change) {
    // Whoever has neither a lease nor been kept has no end.
    guard PodObject(change.object).lease != nil || change.formerPhase != .changing else { return }
    leases.remove(change.handle)
  }

  /// The record that would have ended it is not durable: it is tried again.
  func noteLater(_ handle: ObjectHandle) { leases.set(handle, end: now()) }

  /// At start: what is left of the time, as the wall clock tells it, and no more than the whole.
  func restoreLease(_ pod: PodObject, _ core: PodObject.Core, at handle: ObjectHandle) {
    let wall = clock.wallMilliseconds()
    let whole: Int64
    let end: Int64
    if let keptAt = core.keptAt {
      guard configuration.stickySeconds > 0 else { return }
      whole = Int64(configuration.stickySeconds) * 1000
      end = keptAt + whole
    } else if let lease = core.lease {
      whole = Int64(lease.seconds) * 1000
      end = lease.expiresAt
    } else {
      return
    }
    leases.set(handle, end: now() + min(whole, max(0, end - wall)))
  }
}
