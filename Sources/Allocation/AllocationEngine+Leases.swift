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
    for _ in 0..<limit {
      guard let (handle, marked) = takeEnded(now: now) else { break }
      guard let entry = marked else {
        isWaiting = true
        continue
      }
      if entry.isKept {
        let pod = PodObject(entry.object)
        batch.append(
          Change(
            kind: .pod, type: .expired, object: pod.unkept(origin: entry.origin), actor: actor,
            handle: handle,
            formerPhase: entry.phase, node: runtime(of: pod, batch)))
      } else {
        batch.append(ending(entry, at: handle, .expired, actor, batch))
      }
    }
    if isWaiting { inFlight.wait(waiter) }
  }

  /// Takes out the next entry that is over and marks it; nil instead of the entry while a change of
  /// it is in flight.
  ///
  /// Nothing becomes visible in between: what has just been renewed, or has made room for another
  /// pod, is not mistaken for what was over.
  private func takeEnded(now: Int64) -> (handle: ObjectHandle, marked: Entry?)? {
    visibility.withLock { _ in
      guard let handle = leases.takeEnded(now: now, atMost: 1).first else { return nil }
      return pods.withShard(handle.shard) { state in
        guard state[handle.index].isInFlight else {
          return (handle, mark(handle.index, in: &state))
        }
        // Behind all that are over now, so that it comes up once in a round.
        leases.set(handle, end: now + 1)
        return (handle, nil)
      }
    }
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
    // Whoever was simply held without a lease has no end.
    guard PodObject(change.object).lease != nil || change.formerPhase != .held else { return }
    leases.remove(change.handle)
  }

  /// The record that would have ended it is not durable: it is tried again.
  func noteLater(_ handle: ObjectHandle) { leases.set(handle, end: now()) }

  /// At start: what is left of the time, as the wall clock tells it, and no more than the whole.
  func restoreLease(_ pod: PodObject, _ core: PodObject.Core, at handle: ObjectHandle) {
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
    let left = max(0, end - clock.wallMilliseconds())
    leases.set(handle, end: now() + min(whole, left))
  }
}
