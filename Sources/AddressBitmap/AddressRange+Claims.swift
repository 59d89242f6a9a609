package import Addressing
import Synchronization

extension AddressRange {
  /// The address that is next by the rules of the range's use; nil: exhausted, draining or closed.
  ///
  /// A resting address is taken only when nothing else is free, the oldest first, and not at all
  /// before its time if the quarantine is strict.
  package func claimAutomatic(now: Int64) -> Claim? {
    if nextRestEnd.load(ordering: .relaxed) <= now { endRests(now: now) }
    // Relaxed: a sample that is taken a claim later, or twice, is as good.
    if nextSample.load(ordering: .relaxed) <= now { noteUse(now: now) }
    while !refusesClaims, !isDraining, let usable = bitmap.usable {
      guard let choice = choose(in: usable, now: now) else { return nil }
      if let claim = makeClaim(
        choice.offset, rest: choice.rest, formerCursor: choice.formerCursor)
      {
        if let start = choice.formerCursor { moveCursor(from: start, to: choice.offset) }
        return claim
      }
      // Excluded between the look and the claim: another one, if the range is not closed.
    }
    return nil
  }

  /// An offset whose bit was just set, or whose rest was just ended.
  private struct Choice {
    let offset: UInt128
    var rest: RestMoment?
    var formerCursor: UInt64?
  }

  private func choose(in usable: ClosedRange<UInt128>, now: Int64) -> Choice? {
    switch use {
    case .service(let staticBandSize):
      return takeRandom(in: usable, staticBandSize: staticBandSize).map { Choice(offset: $0) }
    case .pod:
      let last = min(usable.upperBound, UInt128(UInt64.max))
      // Relaxed: it says where to begin to look, the words decide.
      let start = cursor.load(ordering: .relaxed)
      if let offset = takeNext(after: start, in: usable.lowerBound...last) {
        return Choice(offset: offset, formerCursor: start)
      }
      return takeOldestRest(now: now).map {
        Choice(offset: $0.offset, rest: $0.moment, formerCursor: start)
      }
    }
  }

  /// This address.
  package func claim(_ address: IPAddress, now: Int64) -> StaticClaim {
    guard let offset = cidr.offset(of: address) else { return .outside }
    guard bitmap.isUsable(offset) else { return .never }
    guard !refusesClaims else { return .closed }
    guard !isDraining else { return .draining }
    guard !isRefused(offset) else { return .excluded }
    if nextRestEnd.load(ordering: .relaxed) <= now { endRests(now: now) }
    if bitmap.claim(offset) {
      guard let claim = makeClaim(offset) else { return refusesClaims ? .closed : .excluded }
      return .claimed(claim)
    }
    guard !quarantine.isStrict, let rest = takeRest(offset) else { return .taken }
    guard let claim = makeClaim(offset, rest: rest.moment) else {
      return refusesClaims ? .closed : .excluded
    }
    return .claimed(claim)
  }

  /// After a release is durable: the address rests as the quarantine says, or is free.
  package func release(_ address: IPAddress, now: Int64) {
    held.subtract(1, ordering: .relaxed)
    let offset = reservedOffset(address)
    reserved.subtract(1, ordering: .sequentiallyConsistent)
    if quarantine.milliseconds > 0 { rest(offset, since: now) } else { bitmap.release(offset) }
  }

  // MARK: Pods

  private func takeNext(after start: UInt64, in usable: ClosedRange<UInt128>) -> UInt128? {
    let next = min(max(UInt128(start) + 1, usable.lowerBound), usable.upperBound + 1)
    return takeFirst(from: next, through: usable.upperBound)
      ?? takeFirst(from: usable.lowerBound, through: next - 1)
      // The hints say that nothing is free. The words decide.
      ?? takeFirst(
        from: usable.lowerBound, through: usable.upperBound, trustingSummary: false)
  }

  /// Moves the cursor on, never back behind a claim that another thread made since `start`.
  ///
  /// Relaxed: the cursor says where to begin to look, the words decide.
  private func moveCursor(from start: UInt64, to offset: UInt128) {
    guard offset <= UInt128(UInt64.max) else { return }
    let mine = UInt64(offset)
    var seen = start
    // Distances forward from `start`, around the end.
    while seen == start || seen &- start < mine &- start {
      let (exchanged, original) = cursor.weakCompareExchange(
        expected: seen, desired: mine, ordering: .relaxed)
      if exchanged { return }
      seen = original
    }
  }

  // MARK: Services

  /// A random start, forward, around the end; first in the dynamic band, then in the static one.
  private func takeRandom(in usable: ClosedRange<UInt128>, staticBandSize: Int) -> UInt128? {
    let bands = bands(of: usable, staticBandSize: staticBandSize)
    return takeRandom(in: bands.dynamicBand) ?? takeRandom(in: bands.staticBand)
      ?? takeFirst(
        from: usable.lowerBound, through: usable.upperBound, trustingSummary: false)
  }

  private func takeRandom(in band: ClosedRange<UInt128>?) -> UInt128? {
    guard let band else { return nil }
    let start = band.lowerBound + UInt128(UInt64.random(in: 0..<randomWindow(of: band)))
    return takeFirst(from: start, through: band.upperBound)
      ?? takeFirst(from: band.lowerBound, through: start - 1)
  }

  /// How many of a band's first addresses a random start is drawn from.
  ///
  /// All of them in a range of up to 2^20. In a wider one each start would open a page of its own,
  /// so it is drawn from the first 2^16 and eight more for each address in use: no less than
  /// Kubernetes' own bitmap offers (semantics §8.2), nobody guesses the next address, and a page
  /// serves hundreds of Services.
  private func randomWindow(of band: ClosedRange<UInt128>) -> UInt64 {
    let size = band.upperBound - band.lowerBound
    guard size >= 1 << 20 else { return UInt64(size) + 1 }
    let window = 1 << 16 + 8 * UInt64(max(0, reserved.load(ordering: .relaxed)))
    return UInt64(min(size, UInt128(window)))
  }
}
