package import Addressing
import Synchronization

extension AddressRange {
  /// Frees the addresses whose rest has ended.
  ///
  /// Claims do it by themselves; whoever reads counts may do it first.
  package func endRests(now: Int64) {
    rests.withLock { rests in
      let limit = now - quarantine.milliseconds
      while let rest = rests.popOldest(since: limit) { bitmap.release(rest.offset) }
      noteNextEnd(rests)
    }
  }

  /// What an address is doing now.
  package func state(of address: IPAddress, now: Int64) -> AddressState {
    guard let offset = cidr.offset(of: address) else { return .outside }
    guard bitmap.isUsable(offset) else { return .never }
    return rests.withLock { rests in
      let free: AddressState = isExcluded(offset) ? .excluded : .free
      guard bitmap.isSet(offset) else { return free }
      guard let since = rests.since(of: offset) else { return .held }
      return since <= now - quarantine.milliseconds ? free : .resting(since: since)
    }
  }

  /// When the address that has rested longest was released (monotonic milliseconds).
  package var oldestRest: (address: IPAddress, since: Int64)? {
    rests.withLock { rests in
      rests.oldest.map { (cidr.address(at: $0.offset), $0.since) }
    }
  }

  func rest(_ offset: UInt128, since: Int64) {
    rests.withLock { rests in
      rests.insert(offset, since: since)
      noteNextEnd(rests)
    }
  }

  /// Goes on with a rest that was taken, where it stood among the others.
  func putBack(_ rest: RestQueue.Rest) {
    rests.withLock { rests in
      rests.putBack(rest)
      noteNextEnd(rests)
    }
  }

  /// Ends the rest of an offset and keeps its bit; nil: it does not rest.
  func takeRest(_ offset: UInt128) -> RestQueue.Rest? {
    // Without a quarantine nothing rests: no lock for the usual refusal.
    guard quarantine.milliseconds > 0 else { return nil }
    return rests.withLock { rests in
      defer { noteNextEnd(rests) }
      return rests.remove(offset)
    }
  }

  /// Ends the oldest rest and keeps its bit; under a strict quarantine only one that is over.
  ///
  /// Nobody gets one that is refused, which rests on.
  func takeOldestRest(now: Int64) -> RestQueue.Rest? {
    let quarantine = quarantine
    guard quarantine.milliseconds > 0 else { return nil }
    return rests.withLock { rests in
      defer { noteNextEnd(rests) }
      let limit = quarantine.isStrict ? now - quarantine.milliseconds : .max
      return rests.popOldest(since: limit) { !isRefused($0) }
    }
  }

  /// Relaxed: claims look at it before anything else, and one that sees it late ends the rests one
  /// claim later; a range that seems exhausted looks under the lock.
  private func noteNextEnd(_ rests: borrowing RestQueue) {
    let end = rests.oldestSince.map { $0 + quarantine.milliseconds } ?? .max
    if nextRestEnd.load(ordering: .relaxed) != end { nextRestEnd.store(end, ordering: .relaxed) }
  }
}
